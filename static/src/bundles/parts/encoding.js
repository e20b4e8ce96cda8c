// Bytes as PEM, base64, hex and forge's binary strings, and back. What the bytes mean is known elsewhere.

const LINE = 64 // characters of base64 in a line of PEM (RFC 7468)

export function base64(bytes) {
  let text = ''
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte)
  return btoa(text)
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text.replace(/\s/g, '')), (letter) => letter.charCodeAt(0))
}

export function pem(label, bytes) {
  const lines = base64(bytes).match(new RegExp(`.{1,${LINE}}`, 'g'))
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** The content of every block with this label, in order. */
export function blocks(label, text) {
  const pattern = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`, 'g')
  return [...text.matchAll(pattern)].map((found) => fromBase64(found[1]))
}

export function hex(bytes) {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export async function sha256(bytes) {
  return hex(await crypto.subtle.digest('SHA-256', bytes))
}

export function binary(bytes) {
  let text = ''
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte)
  return text
}

export function fromBinary(text) {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}
