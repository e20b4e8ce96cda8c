// A password-less PFX (PKCS#12, RFC 7292) exactly as the portal writes one: triple DES, SHA-1, the empty password.
// WebCrypto has no triple DES, so this one part is node-forge's; which encryption and why: certs/pfx_encryption.py.

import { Certificate } from 'pkijs'
import forge from 'node-forge/lib/forge.js'
import 'node-forge/lib/asn1.js'
import 'node-forge/lib/hmac.js'
import 'node-forge/lib/pbe.js'
import 'node-forge/lib/sha1.js'
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

function encrypt(value) {
  return forge.pki.encryptPrivateKeyInfo(value, EMPTY, { algorithm: '3des', count: ITERATIONS, saltSize: 8 })
}

function certificates(all, name) {
  const bags = all.map((one, place) => {
    const named = place === 0 ? [attributes(name, one)] : []
    return sequence(oid(OID.certificateBag), explicit(sequence(oid(OID.x509), explicit(octets(one)))), ...named)
  })
  const [algorithm, content] = encrypt(sequence(...bags)).value
  const implicit = asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, false, content.value)
  const body = sequence(integer(0), sequence(oid(OID.data), algorithm, implicit))
  return sequence(oid(OID.encryptedData), explicit(body))
}

function keyPart(pkcs8, name, certificate) {
  const bag = sequence(oid(OID.keyBag), explicit(encrypt(asn1.fromDer(pkcs8))), attributes(name, certificate))
  return sequence(oid(OID.data), explicit(octets(der(sequence(bag)))))
}

function mac(content) {
  const salt = random(8)
  const key = forge.pki.pbe.generatePkcs12Key(EMPTY, new forge.util.ByteBuffer(salt), 3, ITERATIONS, 20)
  const hmac = forge.hmac.create()
  hmac.start('sha1', key)
  hmac.update(content)
  const digest = sequence(sequence(oid(OID.sha1), make(Type.NULL, '')), octets(hmac.digest().getBytes()))
  return sequence(digest, octets(salt), integer(ITERATIONS))
}

/** Key (PKCS#8), certificate first and its issuers after it, all in DER. */
function build(pkcs8, all, name) {
  const content = der(sequence(certificates(all, name), keyPart(pkcs8, name, all[0])))
  return fromBinary(der(sequence(integer(3), sequence(oid(OID.data), explicit(octets(content))), mac(content))))
}

/**
 * The PFX of a key and of the text that the portal gives as the certificate's file: certificate, then issuers.
 * Throws `certificate` if there is none in it, `other-key` if it belongs to another key.
 */
export async function pfx(pkcs8, fingerprint, text, name) {
  const all = blocks('CERTIFICATE', text)
  if (!all.length) throw new Error('certificate')
  const key = Certificate.fromBER(all[0]).subjectPublicKeyInfo.toSchema().toBER(false)
  if ((await sha256(key)) !== fingerprint) throw new Error('other-key')
  const file = build(binary(pkcs8), all.map(binary), name)
  return { file, sha256: await sha256(file), certificate: await sha256(all[0]) }
}
