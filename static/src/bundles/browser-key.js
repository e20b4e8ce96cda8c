// The panel of a key in the browser: shows what is possible now, asks the worker, keeps and saves what it answers.
// Nothing here sees an open key; what is posted is what stands in the form's one hidden field: a CSR, or a proof.

import { WorkerClient } from './parts/worker-client.js'
import * as keyStore from './parts/key-store.js'
import { ERRORS, MIN_PASSPHRASE_LENGTH, NOTICES, PROGRESS, otherBuilt } from './parts/messages.js'

const fail = (reason) => {
  throw new Error(reason)
}

/** Hands a file to the browser's downloads. */
function save(content, name, type) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], { type }))
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

class Panel {
  constructor(root) {
    this.root = root
    this.facts = root.dataset
    this.mode = root.dataset.browserKey
    this.place = `onboarding ${this.facts.code}`
    this.form = root.closest('form')
    this.answer = root.parentElement.querySelector('[data-browser-key-answer]')
  }

  async start() {
    this.part('off').hidden = true
    for (const text of document.querySelectorAll('[data-without-script]')) text.hidden = true
    this.listen()
    if (!globalThis.crypto?.subtle) return this.wrong(window.isSecureContext ? 'old' : 'insecure')
    try {
      this.kept = await keyStore.findKey(this.facts.code)
    } catch {
      return this.wrong('storage')
    }
    this.show()
  }

  listen() {
    this.root.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-do]')
      if (button) this.act(button)
    })
    this.root.addEventListener('keydown', (event) => {
      const field = event.target.closest('input[data-field]')
      if (event.key !== 'Enter' || !field || field.type === 'file') return // a file's own Enter opens the chooser
      event.preventDefault() // not the form's own button: it would send the form
      field.closest('[data-part]').querySelector('button[data-do]').click()
    })
    this.form?.addEventListener('submit', (event) => this.check(event))
  }

  /** Stops the form while the browser's part is still to be done. */
  check(event) {
    if (!this.answer || this.answer.value || event.submitter?.value === 'draft') return
    event.preventDefault()
    this.wrong(this.mode === 'make' ? 'not-made' : 'not-built')
    this.root.querySelector('[data-part]:not([hidden]) input[data-field]')?.focus()
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`)
  }

  /** Is the kept key the one of the CSR that was sent? While none was sent, any is. */
  get fits() {
    return this.kept && [this.kept.fingerprint, ''].includes(this.facts.fingerprint)
  }

  show() {
    const { kept, mode, fits } = this
    this.part('make').hidden = mode !== 'make' || Boolean(kept)
    this.part('have').hidden = !kept || !fits
    this.part('build').hidden = mode !== 'build' || !fits
    this.part('missing').hidden = mode === 'make' || Boolean(fits)
    this.part('load').hidden = Boolean(fits)
    this.part('sure').hidden = true
    if (kept) this.part('about').textContent = this.about()
    if (this.answer && mode === 'make') this.answer.value = kept?.csr ?? ''
  }

  about() {
    const when = new Date(this.kept.at).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' })
    const start = this.kept.fingerprint.slice(0, 16)
    return `The key is in this browser since ${when}, locked with its passphrase. The SHA-256 of its public key begins with ${start}.`
  }

  say(text) {
    this.part('error').textContent = ''
    this.part('status').textContent = text
  }

  wrong(reason) {
    this.part('status').textContent = ''
    this.part('error').textContent = ERRORS[reason] ?? ERRORS.unexpected
  }

  field(name) {
    return this.root.querySelector(`[data-field="${name}"]`)
  }

  passphrase(name) {
    return this.field(name).value || fail('none')
  }

  async act(button) {
    if (this.busy) return
    this.busy = true
    this.say('')
    this.root.setAttribute('aria-busy', 'true')
    try {
      await this[`do_${button.dataset.do.replace('-', '_')}`]()
    } catch (error) {
      this.wrong(error.message)
    }
    this.root.removeAttribute('aria-busy')
    this.busy = false
  }

  /** The worker lives while it works, no longer: an open key ends with it. */
  async ask(act, details) {
    const { subject } = this.facts
    const client = new WorkerClient(this.facts.worker)
    try {
      return await client.request(act, { ...details, place: this.place, subject }, (step) => this.say(PROGRESS[step]))
    } finally {
      client.worker.terminate()
    }
  }

  async keep(made) {
    const record = { ...made, code: this.facts.code, at: Date.now() }
    await keyStore.storeKey(record).catch(() => fail('storage'))
    this.kept = record
    for (const field of this.root.querySelectorAll('[data-field]')) field.value = ''
    this.show()
  }

  async do_make() {
    const passphrase = this.passphrase('new')
    if (passphrase.length < MIN_PASSPHRASE_LENGTH) fail('short')
    if (passphrase !== this.field('again').value) fail('differs')
    await this.keep(await this.ask('make', { passphrase }))
    this.say(NOTICES.made)
    this.root.querySelector('[data-do="save"]').focus()
  }

  async do_load() {
    const [file] = this.field('backup').files
    const made = await this.ask('restore', {
      text: await (file ?? fail('file')).text(),
      passphrase: this.passphrase('restore'),
    })
    if (![made.fingerprint, ''].includes(this.facts.fingerprint)) fail('other-backup')
    await this.keep(made)
    this.say(NOTICES.loaded)
  }

  do_save() {
    save(this.kept.backup, `${this.facts.stem}-backup.pem`, 'application/x-pem-file')
    this.say(NOTICES.saved)
  }

  do_forget() {
    this.part('sure').hidden = false
    this.part('sure').querySelector('p').focus()
  }

  do_keep() {
    this.part('sure').hidden = true
    this.root.querySelector('[data-do="forget"]').focus()
  }

  async do_really_forget() {
    await keyStore.deleteKey(this.facts.code)
    this.kept = undefined
    if (this.answer) this.answer.value = ''
    this.show()
    this.say(NOTICES.forgotten)
    this.root.focus()
  }

  async do_build() {
    const passphrase = this.passphrase('open')
    const answer = await fetch(this.facts.certificate, { redirect: 'error' }).catch(() => fail('certificate'))
    if (!answer.ok) fail('certificate')
    const { locked, fingerprint } = this.kept
    const { words, subject } = this.facts
    const chain = await answer.text()
    const encryption = this.root.querySelector('[data-encryption]').value
    const details = { locked, fingerprint, passphrase, chain, words, name: subject, encryption }
    const made = await this.ask('build', details)
    const forDip = encryption === 'passwordless'
    save(made.file, `${this.facts.stem}${forDip ? '' : `-${encryption}`}.pfx`, 'application/x-pkcs12')
    this.field('open').value = ''
    if (!forDip) return this.say(otherBuilt(made.password))
    if (this.answer) this.answer.value = `${made.sha256} ${made.proof}`
    this.say(`${NOTICES.built}${this.answer ? ', then press “Save and continue”.' : '.'}`)
  }
}

for (const root of document.querySelectorAll('[data-browser-key]')) new Panel(root).start()
