// The one place where a private key is open: a worker of its own, beside the page, that can reach no network.
// It is told what to do in messages and answers with what may leave it; keys leave it locked or inside a PFX.

import { fingerprint, generate, open, request, sign } from './parts/keypair.js'
import { decryptKey, encryptKey, exportBackup, importBackup } from './parts/key-encryption.js'
import { base64 } from './parts/encoding.js'
import { pfx } from './parts/pfx.js'

const BITS = 4096

/** What the page keeps of a key: nothing of it is readable without the passphrase. */
async function keep(pkcs8, { passphrase, place, subject }, onProgress) {
  const pair = await open(pkcs8)
  if (pair.bits !== BITS) throw new Error('size')
  onProgress('request')
  const csr = await request(pair, subject)
  onProgress('lock')
  return {
    csr,
    fingerprint: await fingerprint(pair.publicKey),
    locked: await encryptKey(pkcs8, passphrase, place),
    backup: await exportBackup(pkcs8, passphrase),
  }
}

const acts = {
  async make(details, onProgress) {
    onProgress('key')
    return holding(await generate(BITS), (pkcs8) => keep(pkcs8, details, onProgress))
  },

  async restore(details, onProgress) {
    onProgress('unlock')
    return holding(await importBackup(details.text, details.passphrase), (pkcs8) => keep(pkcs8, details, onProgress))
  },

  async build({ locked, fingerprint: wanted, passphrase, place, chain, name, words, encryption }, onProgress) {
    onProgress('unlock')
    return holding(await decryptKey(locked, passphrase, place), async (pkcs8) => {
      onProgress('pfx')
      const made = await pfx(pkcs8, wanted, chain, name, encryption)
      const proof = await sign(await open(pkcs8), `${words}\n${made.certificate}\n${made.sha256}`)
      return { file: made.file, password: made.password, sha256: made.sha256, proof: base64(proof) }
    })
  },
}

/** The open key is overwritten as soon as it has served. */
async function holding(pkcs8, use) {
  try {
    return await use(pkcs8)
  } finally {
    pkcs8.fill(0)
  }
}

const known = ['passphrase', 'backup', 'damaged', 'kind', 'size', 'certificate', 'other-key']

self.addEventListener('message', async ({ data: { id, act, details } }) => {
  const onProgress = (progress) => self.postMessage({ id, progress })
  try {
    self.postMessage({ id, result: await acts[act](details, onProgress) })
  } catch (error) {
    self.postMessage({ id, error: known.includes(error?.message) ? error.message : 'unexpected' })
  }
})
