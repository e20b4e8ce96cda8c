// A key under a passphrase: for this browser (AES-256-GCM) and as a backup that OpenSSL opens (PKCS#8, PBES2).
// Neither is ever sent anywhere.

import { OctetString, fromBER } from 'asn1js'
import { PKCS8ShroudedKeyBag, PrivateKeyInfo } from 'pkijs'
import { base64, blocks, fromBase64, pem } from './encoding.js'

export const ITERATIONS = 600_000 // of PBKDF2 with HMAC-SHA-256, as OWASP's Password Storage Cheat Sheet asks
const MAX_ITERATIONS = 10_000_000 // a backup that asks for more would keep the browser busy for minutes
const BACKUP = 'ENCRYPTED PRIVATE KEY'

function bytesOf(passphrase) {
  return new TextEncoder().encode(passphrase.normalize('NFC'))
}

async function wrappingKey(passphrase, salt, iterations) {
  const base = await crypto.subtle.importKey('raw', bytesOf(passphrase), 'PBKDF2', false, ['deriveKey'])
  const derive = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(derive, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/** Bound to its place: what is kept for one onboarding does not open for another. */
function gcm(iv, place) {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(place) }
}

export async function encryptKey(pkcs8, passphrase, place) {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const key = await wrappingKey(passphrase, salt, ITERATIONS)
  const sealed = await crypto.subtle.encrypt(gcm(iv, place), key, pkcs8)
  return { salt: base64(salt), iv: base64(iv), rounds: ITERATIONS, sealed: base64(sealed) }
}

/** The key in PKCS#8. Throws `passphrase` when it does not open. */
export async function decryptKey(kept, passphrase, place) {
  const key = await wrappingKey(passphrase, fromBase64(kept.salt), kept.rounds)
  try {
    const found = await crypto.subtle.decrypt(gcm(fromBase64(kept.iv), place), key, fromBase64(kept.sealed))
    return new Uint8Array(found)
  } catch {
    throw new Error('passphrase')
  }
}

export async function exportBackup(pkcs8, passphrase) {
  const bag = new PKCS8ShroudedKeyBag({ parsedValue: PrivateKeyInfo.fromBER(pkcs8) })
  await bag.makeInternalValues({
    password: bytesOf(passphrase).buffer,
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256 },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: ITERATIONS,
  })
  return pem(BACKUP, bag.toSchema().toBER(false))
}

/**
 * The key of a backup, in PKCS#8. Throws `backup` if the text is none, `damaged` if it was one, `passphrase` when it
 * does not open.
 */
export async function importBackup(text, passphrase) {
  const bag = parseBag(text)
  try {
    refuseTooManyIterations(bag)
  } catch {
    throw new Error('backup')
  }
  try {
    await bag.parseInternalValues({ password: bytesOf(passphrase).buffer })
    return new Uint8Array(bag.parsedValue.toSchema().toBER(false))
  } catch {
    throw new Error('passphrase')
  }
}

function parseBag(text) {
  if (!text.includes(`BEGIN ${BACKUP}`)) throw new Error('backup')
  try {
    return PKCS8ShroudedKeyBag.fromBER(blocks(BACKUP, text)[0])
  } catch {
    throw new Error('damaged')
  }
}

/** Looks for the iteration count, PBES2 -> PBKDF2 -> (salt, count); what has none is not ours to open. */
function refuseTooManyIterations(bag) {
  const parsed = fromBER(bag.encryptionAlgorithm.algorithmParams.toBER(false)).result
  const [salt, rounds] = parsed.valueBlock.value[0].valueBlock.value[1].valueBlock.value
  if (!(salt instanceof OctetString) || rounds.valueBlock.valueDec > MAX_ITERATIONS) throw new Error('backup')
}
