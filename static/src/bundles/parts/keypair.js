// RSA 4096 with WebCrypto, its PKCS#10 request, and proof that one has the key. How a key is kept is in key-encryption.js.

import { AttributeTypeAndValue, CertificationRequest } from 'pkijs'
import { Utf8String } from 'asn1js'
import { pem, sha256 } from './encoding.js'

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const COMMON_NAME = '2.5.4.3'

/** A new key, as PKCS#8. Takes from one to some twenty seconds. */
export async function generate(bits) {
  const made = { ...RSA, modulusLength: bits, publicExponent: new Uint8Array([1, 0, 1]) }
  const { privateKey } = await crypto.subtle.generateKey(made, true, ['sign', 'verify'])
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))
}

/** Both halves of a key in PKCS#8, ready to be used. Throws `kind` if it is no RSA key. */
export async function open(pkcs8) {
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, RSA, true, ['sign']).catch(() => {
    throw new Error('kind')
  })
  const { n, e } = await crypto.subtle.exportKey('jwk', privateKey)
  const publicKey = await crypto.subtle.importKey('jwk', { kty: 'RSA', n, e }, RSA, true, ['verify'])
  return { privateKey, publicKey, bits: privateKey.algorithm.modulusLength }
}

/** The SHA-256 that the portal's pages show of a public key: of its SubjectPublicKeyInfo in DER. */
export async function fingerprint(publicKey) {
  return sha256(await crypto.subtle.exportKey('spki', publicKey))
}

/** A CSR with this common name and nothing else: no attributes, no extensions. */
export async function request({ privateKey, publicKey }, commonName) {
  const made = new CertificationRequest({ version: 0, attributes: [] })
  const value = new Utf8String({ value: commonName })
  made.subject.typesAndValues.push(new AttributeTypeAndValue({ type: COMMON_NAME, value }))
  await made.subjectPublicKeyInfo.importKey(publicKey)
  await made.sign(privateKey, 'SHA-256')
  return pem('CERTIFICATE REQUEST', made.toSchema().toBER(false))
}

/** A signature over these words: who can make it has the key. */
export async function sign({ privateKey }, words) {
  return crypto.subtle.sign(RSA.name, privateKey, new TextEncoder().encode(words))
}
