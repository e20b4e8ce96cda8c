// Stops a private key in the page, before it is sent: pasted, dropped or typed into a text, or chosen as a file.
// The portal looks again at whatever reaches it (certs/guard.py); this is so that a key does not reach it at all.

const WORDS = /(?:BEGIN|END)[\s\w\u00a0]{0,60}?PRIVATE[\s_\u00a0]{0,4}KEY|PuTTY-User-Key-File|openssh-key-v1\0/i
const JWK = /"d"\s{0,9}:\s{0,9}"[\w-]{20}/
const BASE64 = /[A-Za-z0-9+/]{64,}={0,2}/g
const BETWEEN = /\\r|\\n|[\s"'>,;\\\0\u00a0\u200b\ufeff]/g
// What a private key looks like in DER, one character for each byte; as in certs/guard.py.
const DER = new RegExp(
  [
    '\\x02\\x01[\\x00\\x01]\\x30[\\x05-\\x20]\\x06\\x09\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x01[\\x01\\x0a]',
    '\\x02\\x01[\\x00\\x01]\\x30[\\x05-\\x20]\\x06\\x07\\x2a\\x86\\x48\\xce\\x3d\\x02\\x01',
    '\\x02\\x01[\\x00\\x01]\\x30\\x05\\x06\\x03\\x2b\\x65[\\x6e-\\x71]\\x04',
    '\\x30\\x82[^]{2}\\x02\\x01\\x00\\x02[\\x81\\x82][^]',
    '\\x02\\x01\\x01\\x04[\\x14-\\x42][^]{20,66}\\xa0[\\x05-\\x0d]\\x06',
    '\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x05[\\x01-\\x0d]',
    '\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x0c[\\x01\\x0a]',
  ].join('|'),
)
const PFX = /^\x30[\x80-\x84][^]{0,4}\x02\x01\x03\x30/
const LARGEST = 2 * 1024 * 1024 // bytes that are looked at; the portal takes no file as large
const STOPPED =
  'This holds a private key, so it was stopped in this page and not sent. A private key stays where it was made. Bring the CSR or the certificate instead: the file that begins with BEGIN CERTIFICATE.'

function holdsKey(text) {
  const plain = text.replaceAll('\0', '')
  if (WORDS.test(plain) || WORDS.test(text) || DER.test(text) || (plain.includes('"kty"') && JWK.test(plain))) return true
  return (plain.replace(BETWEEN, '').match(BASE64) ?? []).some(hidesKey)
}

/** Base64 in its four phases: words may stand right before it without a space. */
function hidesKey(run) {
  const bare = run.replace(/=+$/, '')
  return [0, 1, 2, 3].some((phase) => {
    const part = bare.slice(phase)
    const raw = atob(part.slice(0, part.length - (part.length % 4 === 1 ? 1 : 0)))
    return raw.length >= 40 && (WORDS.test(raw) || DER.test(raw))
  })
}

/** The one field for a PFX takes a PFX and no other key. */
async function fileHoldsKey(file, field) {
  const bytes = new Uint8Array(await file.slice(0, LARGEST).arrayBuffer())
  let text = ''
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192))
  }
  return !(field.dataset.takesKey === 'pfx' && PFX.test(text)) && holdsKey(text)
}

/** A field that is for a key, or of which nothing is sent. */
function mayHoldKey(field) {
  return field.dataset.takesKey === ''
}

function isText(element) {
  return element?.matches?.('textarea, input:not([type=file], [type=checkbox], [type=radio], [type=hidden])')
}

/** Says it beside the field, where it stays until something else is put in. */
function say(field) {
  const group = field.closest('.govuk-form-group') ?? field.parentElement
  let place = group.querySelector('[data-key-guard]')
  if (!place) {
    place = document.createElement('p')
    place.className = 'govuk-error-message'
    place.dataset.keyGuard = ''
    place.setAttribute('role', 'alert')
    group.prepend(place)
  }
  place.textContent = STOPPED
}

function unsay(field) {
  field.closest('.govuk-form-group')?.querySelector('[data-key-guard]')?.remove()
}

function stopText(event, text) {
  if (!isText(event.target) || mayHoldKey(event.target)) return
  if (!holdsKey(text ?? '')) return
  event.preventDefault()
  say(event.target)
}

async function looked(field) {
  const found = await Promise.all([...field.files].map((file) => fileHoldsKey(file, field).catch(() => false)))
  if (!found.includes(true)) return false
  field.value = ''
  field.dispatchEvent(new Event('change', { bubbles: true }))
  say(field)
  return true
}

function filesOf(form) {
  return [...form.elements].filter((each) => each.type === 'file' && each.files.length && !mayHoldKey(each))
}

const cleared = new WeakSet() // forms whose files have been looked at, for the one submission that follows

/** Texts are looked at in place; files take a moment, so the form waits and is sent again if all is well. */
function onSubmit(event) {
  const form = event.target
  const texts = [...form.elements].filter((each) => isText(each) && !mayHoldKey(each) && holdsKey(each.value))
  for (const field of texts) {
    field.value = ''
    say(field)
  }
  if (texts.length) return stop(event, texts[0])
  const files = filesOf(form)
  if (!files.length || cleared.delete(form)) return
  event.preventDefault()
  event.stopImmediatePropagation()
  const { submitter } = event
  Promise.all(files.map(looked)).then((found) => {
    if (found.includes(true)) return files[found.indexOf(true)].focus()
    cleared.add(form)
    form.requestSubmit(submitter)
  })
}

function stop(event, field) {
  event.preventDefault()
  event.stopImmediatePropagation()
  field.focus()
}

document.addEventListener('paste', (event) => stopText(event, event.clipboardData?.getData('text')), true)
document.addEventListener('drop', (event) => stopText(event, event.dataTransfer?.getData('text')), true)
document.addEventListener(
  'input',
  ({ target }) => {
    if (!isText(target) || mayHoldKey(target)) return
    if (!holdsKey(target.value)) {
      if (target.value) unsay(target) // many lines at once are many events: those after the first find the box empty
      return
    }
    target.value = ''
    say(target)
  },
  true,
)
document.addEventListener(
  'change',
  ({ target }) => {
    if (target.type !== 'file' || mayHoldKey(target) || !target.files.length) return
    unsay(target)
    looked(target)
  },
  true,
)
document.addEventListener('submit', onSubmit, true)
