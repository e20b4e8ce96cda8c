// A PFX (PKCS#12, RFC 7292) in each of the ways in which the portal writes one; the DIP's is triple DES, SHA-1, the
// empty password. WebCrypto has no triple DES, so this one part is node-forge's; which and why: certs/pfx_encryption.py.

import { Certificate } from 'pkijs'
import forge from 'node-forge/lib/forge.js'
import 'node-forge/lib/aes.js'
import 'node-forge/lib/asn1.js'
import 'node-forge/lib/hmac.js'
import 'node-forge/lib/pbe.js'
import 'node-forge/lib/sha1.js'
import 'node-forge/lib/sha256.js'
import { binary, blocks, fromBinary, sha256 } from './encoding.js'

const { asn1 } = forge
const { Type } = asn1
const ITERATIONS = 2048
const EMPTY = '' // as RFC 7292 writes it: two zero bytes, which all common readers try
const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
}
const OLD = { algorithm: '3des', count: ITERATIONS, saltSize: 8 }
const NEW = { algorithm: 'aes256', count: ITERATIONS, saltSize: 16, prfAlgorithm: 'sha256' }
// The names are those of PfxEncryption; `hash` and `size` (bytes) are the MAC's.
export const ENCRYPTIONS = {
  passwordless: { cipher: OLD, hash: 'sha1', size: 20 },
  'certificates-in-clear': { cipher: OLD, hash: 'sha1', size: 20, open: true },
  'three-des-password': { cipher: OLD, hash: 'sha1', size: 20, locked: true },
  'aes256-password': { cipher: NEW, hash: 'sha256', size: 32, locked: true },
}

function make(type, value) {
  return asn1.create(asn1.Class.UNIVERSAL, type, Array.isArray(value), value)
}

const sequence = (...parts) => make(Type.SEQUENCE, parts)
const octets = (text) => make(Type.OCTETSTRING, text)
const oid = (name) => make(Type.OID, asn1.oidToDer(name).getBytes())
const integer = (number) => make(Type.INTEGER, asn1.integerToDer(number).getBytes())
const explicit = (value) => asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, true, [value])
const der = (value) => asn1.toDer(value).getBytes()

function random(size) {
  return binary(crypto.getRandomValues(new Uint8Array(size)))
}

function sha1(text) {
  return forge.md.sha1.create().update(text).digest().getBytes()
}

function attributes(name, certificate) {
  return make(Type.SET, [
    sequence(oid(OID.localKeyId), make(Type.SET, [octets(sha1(certificate))])),
    sequence(oid(OID.friendlyName), make(Type.SET, [make(Type.BMPSTRING, name)])),
  ])
}

function encrypt(value, { cipher, password }) {
  return forge.pki.encryptPrivateKeyInfo(value, password, cipher)
}

function certificates(all, name, how) {
  const bags = all.map((one, place) => {
    const named = place === 0 ? [attributes(name, one)] : []
    return sequence(oid(OID.certificateBag), explicit(sequence(oid(OID.x509), explicit(octets(one)))), ...named)
  })
  if (how.open) return sequence(oid(OID.data), explicit(octets(der(sequence(...bags)))))
  const [algorithm, content] = encrypt(sequence(...bags), how).value
  const implicit = asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, false, content.value)
  const body = sequence(integer(0), sequence(oid(OID.data), algorithm, implicit))
  return sequence(oid(OID.encryptedData), explicit(body))
}

function keyPart(pkcs8, name, certificate, how) {
  const bag = sequence(oid(OID.keyBag), explicit(encrypt(asn1.fromDer(pkcs8), how)), attributes(name, certificate))
  return sequence(oid(OID.data), explicit(octets(der(sequence(bag)))))
}

function mac(content, { hash, size, password }) {
  const salt = random(8)
  const digests = forge.md[hash].create()
  const key = forge.pki.pbe.generatePkcs12Key(password, new forge.util.ByteBuffer(salt), 3, ITERATIONS, size, digests)
  const hmac = forge.hmac.create()
  hmac.start(hash, key)
  hmac.update(content)
  const digest = sequence(sequence(oid(OID[hash]), make(Type.NULL, '')), octets(hmac.digest().getBytes()))
  return sequence(digest, octets(salt), integer(ITERATIONS))
}

/** Key (PKCS#8), certificate first and its issuers after it, all in DER. */
function build(pkcs8, all, name, how) {
  const content = der(sequence(certificates(all, name, how), keyPart(pkcs8, name, all[0], how)))
  return fromBinary(der(sequence(integer(3), sequence(oid(OID.data), explicit(octets(content))), mac(content, how))))
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789' // none that is read as another; as certs/pfx_encryption.py
const GROUPS = 4
const GROUP = 5

/** Four groups of five letters and digits, some 99 bits. Bytes that would favour a letter are thrown away. */
function generatePassword() {
  const most = 256 - (256 % LETTERS.length)
  let text = ''
  while (text.length < GROUPS * GROUP) {
    const [one] = crypto.getRandomValues(new Uint8Array(1))
    if (one < most) text += LETTERS[one % LETTERS.length]
  }
  return text.match(/.{5}/g).join('-')
}

/**
 * The PFX of a key and of the text that the portal gives as the certificate's file: certificate, then issuers.
 * `password` is empty where the encryption (a name of ENCRYPTIONS) has none, else one that was made for this file.
 * Throws `certificate` if there is none in it, `other-key` if it belongs to another key.
 */
export async function pfx(pkcs8, fingerprint, text, name, encryption = 'passwordless') {
  const all = blocks('CERTIFICATE', text)
  if (!all.length) throw new Error('certificate')
  const key = Certificate.fromBER(all[0]).subjectPublicKeyInfo.toSchema().toBER(false)
  if ((await sha256(key)) !== fingerprint) throw new Error('other-key')
  const chosen = ENCRYPTIONS[encryption]
  const password = chosen.locked ? generatePassword() : EMPTY
  const file = build(binary(pkcs8), all.map(binary), name, { ...chosen, password })
  return { file, password, sha256: await sha256(file), certificate: await sha256(all[0]) }
}
