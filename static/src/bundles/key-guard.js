// Stops a private key in the page, before it is sent: pasted, dropped or typed into a text, or chosen as a file.
// The portal looks again at whatever reaches it (certs/private_key_detection.py); this is so that a key does not reach it at all.

import { holdsKey, isPfx } from './parts/key-shapes.js'

const LIMIT = 1024 * 1024 // bytes; settings.UPLOAD_LIMIT, which holds for every field that takes a file
const STOPPED =
  'This holds a private key, so it was stopped in this page and not sent. A private key stays where it was made. Upload the CSR or the certificate instead: the file that begins with BEGIN CERTIFICATE.'

/** The one field for a PFX takes a PFX and no other key. */
async function fileHoldsKey(file, field) {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192))
  }
  return !(field.dataset.takesKey === 'pfx' && isPfx(text)) && holdsKey(text)
}

/** In the portal's own words (onboarding/ui/fields.py). */
function tooLarge(size) {
  const last = size < 1024 ** 3 ? [1024 ** 2, 'MB'] : [1024 ** 3, 'GB']
  return `The file has ${(size / last[0]).toFixed(1)}\u00a0${last[1]}. It must have 1.0\u00a0MB or less.`
}

/** A field that is for a key, or of which nothing is sent. */
function mayHoldKey(field) {
  return field.dataset.takesKey === ''
}

function isText(element) {
  return element?.matches?.('textarea, input:not([type=file], [type=checkbox], [type=radio], [type=hidden])')
}

function isGuarded(element) {
  return isText(element) && !mayHoldKey(element)
}

/** Says it beside the field, where it stays until something else is put in. */
function say(field, sentence) {
  const group = field.closest('.govuk-form-group') ?? field.parentElement
  let place = group.querySelector('[data-key-guard]')
  if (!place) {
    place = document.createElement('p')
    place.className = 'govuk-error-message'
    place.dataset.keyGuard = ''
    place.setAttribute('role', 'alert')
    group.prepend(place)
  }
  place.textContent = sentence
}

function unsay(field) {
  field.closest('.govuk-form-group')?.querySelector('[data-key-guard]')?.remove()
}

function stopText(event, text) {
  if (!isGuarded(event.target) || !holdsKey(text ?? '')) return
  event.preventDefault()
  say(event.target, STOPPED)
}

const harmless = new WeakMap() // what stood in a text before a key came into it

function remember(field) {
  if (field.value !== harmless.get(field) && !holdsKey(field.value)) harmless.set(field, field.value)
}

/** Takes the key out, and nothing else that somebody typed. */
function putBack(field) {
  const before = harmless.get(field) ?? field.defaultValue
  field.value = holdsKey(before) ? '' : before
  harmless.set(field, field.value)
  say(field, STOPPED)
}

function onInput({ target: field }) {
  if (!isGuarded(field)) return
  // Many lines at once are many events: those after the first find what was put back.
  if (field.value === harmless.get(field)) return
  if (holdsKey(field.value)) return putBack(field)
  harmless.set(field, field.value)
  unsay(field)
}

/** Why these files are not sent; nothing if they may be. A field without a name sends none. */
async function refusal(field) {
  const files = [...field.files]
  const large = files.find((file) => field.name && file.size > LIMIT)
  if (large) return tooLarge(large.size)
  if (mayHoldKey(field)) return ''
  const found = await Promise.all(files.map((file) => fileHoldsKey(file, field).catch(() => false)))
  if (!found.includes(true)) return ''
  const names = files.filter((file, at) => found[at]).map((file) => file.name)
  return files.length > 1 ? `${names.join(', ')}: ${STOPPED} The other files were not sent either.` : STOPPED
}

/** Whether the files of a field were let go. */
async function letGo(field) {
  const why = await refusal(field)
  if (!why) return false
  field.value = ''
  field.dispatchEvent(new Event('change', { bubbles: true }))
  say(field, why)
  return true
}

function filesOf(form) {
  return [...form.elements].filter((each) => each.type === 'file' && each.name && each.files.length)
}

const cleared = new WeakSet() // forms whose files have been looked at, for the one submission that follows

/** Texts are looked at in place; files take a moment, so the form waits and is sent again if all is well. */
function onSubmit(event) {
  const form = event.target
  const texts = [...form.elements].filter((each) => isGuarded(each) && holdsKey(each.value))
  for (const field of texts) putBack(field)
  if (texts.length) return stop(event, texts[0])
  const files = filesOf(form)
  if (!files.length || cleared.delete(form)) return
  stop(event)
  const { submitter } = event
  Promise.all(files.map(letGo)).then((gone) => {
    if (gone.includes(true)) return files[gone.indexOf(true)].focus()
    cleared.add(form)
    form.requestSubmit(submitter)
  })
}

function stop(event, field) {
  event.preventDefault()
  event.stopImmediatePropagation()
  field?.focus()
}

document.addEventListener('paste', (event) => stopText(event, event.clipboardData?.getData('text')), true)
document.addEventListener('drop', (event) => stopText(event, event.dataTransfer?.getData('text')), true)
document.addEventListener('beforeinput', ({ target }) => isGuarded(target) && remember(target), true)
document.addEventListener('input', onInput, true)
document.addEventListener(
  'change',
  ({ target }) => {
    if (target.type !== 'file' || !target.files.length) return
    unsay(target)
    letGo(target)
  },
  true,
)
document.addEventListener('submit', onSubmit, true)
