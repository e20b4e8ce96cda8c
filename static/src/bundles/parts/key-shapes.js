// What a private key looks like, in text or in bytes (one character for each byte): as in certs/private_key_detection.py, which looks again.
// What a page does about one is in ../key-guard.js. tests/certs/test_private_key_detection_in_browser.py asks both guards the same.

const GAP = '[\\s_\\u00a0\\u00c2]{0,4}' // \u00c2\u00a0 are the bytes of a no-break space
// A hyphen or what word processors make of it: as text, then as the bytes of UTF-8 and of either UTF-16 without its zeros.
const LONG_DASH =
  '(?:[\\u2010-\\u2015\\u2212\\x96\\x97]|\\xe2\\x80[\\x90-\\x95]|\\xe2\\x88\\x92|[\\x10-\\x15]\\x20|\\x20[\\x10-\\x15]|\\x12\\x22|\\x22\\x12)'
const DASH = `(?:-|${LONG_DASH})`
// No label of a key has one of these words, and sentences do: "in the end -- end of the private key, that is".
const NO_SENTENCE =
  '(?!(?:(?!PRIVATE)[\\s\\w\\u00c2]){0,60}?\\b(?:A|AN|AND|BY|FOR|HER|HIS|IN|IS|ITS|MY|NO|OF|ON|OR|OUR|THAT|THE|THEIR|THIS|TO|WITH|YOUR)\\b)'
const HEADERS = [
  // Two dashes, and then it may be spelt in any way.
  new RegExp(`${DASH}{2}[ \\t\\u00a0\\u00c2]{0,4}(?:BEGIN|END)${NO_SENTENCE}[\\s\\w\\u00c2]{0,60}?PRIVATE${GAP}KEY`, 'i'),
  // All dashes of an end turned into one.
  new RegExp(`${LONG_DASH}(?:BEGIN|END)${GAP}(?:(?:DSA|EC|ENCRYPTED|OPENSSH|RSA)${GAP})?PRIVATE${GAP}KEY${DASH}`, 'i'),
  // The dashes were lost: then in capitals, as PEM writes it (RFC 7468).
  new RegExp(`(?<![A-Za-z])(?:BEGIN|END)${NO_SENTENCE}[\\sA-Z0-9_\\u00c2]{0,40}?PRIVATE${GAP}KEY`),
  /PuTTY-User-Key-File/i,
  /privateExponent:/i, // as `openssl pkey -text` prints a key
  /<RSAKeyValue>[^]*<D>/i, // as .NET writes one
]
const JWK = /"d"\s{0,9}:\s{0,9}"[\w-]{20}/
const BASE64 = /[A-Za-z0-9+/]{64,}/g
const BETWEEN =
  /\\r|\\n|\xc2[\xa0\xad]|\xe2\x80[\x8b-\x8d]|\xe2\x81\xa0|\xef\xbb\xbf|[\s"'>,;|\\\0\u00a0\u00ad\u200b-\u200d\u2060\ufeff]/g
const TEXT = /^[A-Za-z0-9+/=\s]{64}/
const DER = new RegExp(
  [
    '\\x02\\x01[\\x00\\x01]\\x30[\\x05-\\x20]\\x06\\x09\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x01[\\x01\\x0a]',
    '\\x02\\x01[\\x00\\x01]\\x30[\\x05-\\x20]\\x06\\x07\\x2a\\x86\\x48\\xce\\x3d\\x02\\x01',
    '\\x02\\x01[\\x00\\x01]\\x30\\x05\\x06\\x03\\x2b\\x65[\\x6e-\\x71]\\x04',
    '\\x30\\x82[^]{2}\\x02\\x01\\x00\\x02[\\x81\\x82][^]',
    '\\x02\\x01\\x01\\x04[\\x14-\\x42][^]{20,66}\\xa0[\\x05-\\x0d]\\x06',
    '\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x05[\\x01-\\x0d]',
    '\\x2a\\x86\\x48\\x86\\xf7\\x0d\\x01\\x0c[\\x01\\x0a]',
    'openssh-key-v1\\x00',
    '^(?:\\xfe\\xed\\xfe\\xed|\\xce\\xce\\xce\\xce)', // Java's keystores, JKS and JCEKS
  ].join('|'),
)
const PFX = /^\x30[\x80-\x84][^]{0,4}\x02\x01\x03\x30/
const SHORTEST = 40 // bytes: an Ed25519 key in PKCS#8 has 48

export function holdsKey(text) {
  const plain = text.replaceAll('\0', '') // UTF-16 becomes readable
  return spoken(plain) || DER.test(text) || inBase64(plain, 2)
}

export function isPfx(text) {
  return PFX.test(text)
}

function spoken(text) {
  return HEADERS.some((header) => header.test(text)) || (text.includes('"kty"') && JWK.test(text))
}

/** Base64 in its four phases: words may stand right before it without a space. It may be wrapped twice. */
function inBase64(text, layers) {
  const runs = text.replace(BETWEEN, '').match(BASE64) ?? []
  return runs.some((run) => [0, 1, 2, 3].some((phase) => hidesKey(decoded(run.slice(phase)), layers)))
}

function hidesKey(raw, layers) {
  if (raw.length >= SHORTEST && (spoken(raw) || DER.test(raw))) return true
  return layers > 1 && TEXT.test(raw) && inBase64(raw, layers - 1)
}

/** A last character that stands for no byte is dropped. */
function decoded(run) {
  return atob(run.length % 4 === 1 ? run.slice(0, -1) : run)
}
