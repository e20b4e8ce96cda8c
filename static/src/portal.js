// What the pages gain from JavaScript: GOV.UK Frontend's behaviours, copy buttons, the print button.
// Nothing here is needed to use the portal; without JavaScript every page works as plain HTML.

import {
  Button,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
  Tabs,
} from './govuk-frontend.min.js'

const behaviours = [
  Button,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
  Tabs,
]
const shownFor = 4000 // milliseconds that "Copied" stays on a button

/** Start every behaviour that `root` asks for and that has not started yet. */
function start(root) {
  for (const Behaviour of behaviours) {
    const name = Behaviour.moduleName
    for (const element of root.querySelectorAll(`[data-module="${name}"]:not([data-${name}-init])`)) {
      try {
        new Behaviour(element)
      } catch (error) {
        console.warn(error) // one broken component must not stop the others
      }
    }
  }
  for (const button of root.querySelectorAll('button[data-copy], button[data-print]')) {
    button.hidden = false
  }
  reveal()
}

/**
 * A field that belongs to a choice shows only while it is chosen. GOV.UK Frontend's own code marks the choice
 * with aria-expanded, which a radio may not have; the field follows its choice in the page, so nothing is lost.
 */
function reveal() {
  for (const input of document.querySelectorAll('input[data-reveals]')) {
    const field = document.getElementById(input.dataset.reveals)
    field?.classList.toggle(`govuk-${input.type === 'radio' ? 'radios' : 'checkboxes'}__conditional--hidden`, !input.checked)
  }
}

/** Words of an element as a person would paste them: a field's value, else its text. */
function words(element) {
  return 'value' in element ? element.value : element.textContent.trim()
}

/** The clipboard needs a secure page; on plain http the older command still works. */
async function put(text) {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(text)
  }
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'govuk-visually-hidden'
  document.body.append(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  if (!done) throw new Error('The browser did not copy.')
}

/** Say it on the button and to screen readers, then restore the button. */
function tell(button, message) {
  const label = button.querySelector('[data-copy-label]') ?? button
  const status = document.getElementById('live-status')
  button.dataset.label ??= label.textContent
  label.textContent = message
  if (status) status.textContent = message
  clearTimeout(Number(button.dataset.timer))
  button.dataset.timer = setTimeout(() => {
    label.textContent = button.dataset.label
    if (status) status.textContent = ''
  }, shownFor)
}

async function copy(button) {
  const source = document.querySelector(button.dataset.copy)
  if (!source) return
  try {
    await put(words(source))
    tell(button, 'Copied')
  } catch {
    const selection = window.getSelection()
    selection?.selectAllChildren(source)
    tell(button, 'Not copied: press Ctrl and C')
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button[data-copy], button[data-print]')
  if (!button) return
  if (button.dataset.copy) copy(button)
  else window.print()
})

// A part that refreshes itself by the clock waits while somebody is in it: neither the keyboard's place nor marked
// text is taken away.
document.addEventListener('htmx:beforeSwap', (event) => {
  const part = event.detail.target
  if (part?.dataset.keepsPlace === undefined) return
  const marked = window.getSelection()
  const isMarked = marked && !marked.isCollapsed && part.contains(marked.anchorNode)
  if (isMarked || part.contains(document.activeElement)) event.detail.shouldSwap = false
})

// Parts that htmx has just renewed get their behaviours too.
document.addEventListener('htmx:afterSettle', (event) => start(event.target.parentElement ?? document))

document.addEventListener('change', reveal)
window.addEventListener('pageshow', reveal) // the browser restores choices when one comes back

// A passkey that the browser did not give: said on the page, in words (allauth's script only logs it).
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  for (const sentence of document.querySelectorAll('[data-passkey-failed]')) sentence.hidden = false
})

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
start(document)
