// The one place where a private key is open: a worker of its own, beside the page, that can reach no network.
// It is told what to do in messages and answers with what may leave it; keys leave it locked or inside a PFX.

import { fingerprint, generate, open, request, sign } from './parts/keypair.js'
import { backup, lock, restore, unlock } from './parts/locking.js'
import { base64 } from './parts/encoding.js'
import { pfx } from './parts/pfx.js'

const BITS = 4096

/** What the page keeps of a key: nothing of it is readable without the passphrase. */
async function keep(pkcs8, { passphrase, place, subject }, tell) {
  const pair = await open(pkcs8)
  if (pair.bits !== BITS) throw new Error('size')
  tell('request')
  const csr = await request(pair, subject)
  tell('lock')
  return {
    csr,
    fingerprint: await fingerprint(pair.publicKey),
    locked: await lock(pkcs8, passphrase, place),
    backup: await backup(pkcs8, passphrase),
  }
}

const acts = {
  async make(asked, tell) {
    tell('key')
    return holding(await generate(BITS), (pkcs8) => keep(pkcs8, asked, tell))
  },

  async restore(asked, tell) {
    tell('unlock')
    return holding(await restore(asked.text, asked.passphrase), (pkcs8) => keep(pkcs8, asked, tell))
  },

  async build({ locked, fingerprint: wanted, passphrase, place, chain, name, words }, tell) {
    tell('unlock')
    return holding(await unlock(locked, passphrase, place), async (pkcs8) => {
      tell('pfx')
      const made = await pfx(pkcs8, wanted, chain, name)
      const proof = await sign(await open(pkcs8), `${words}\n${made.certificate}\n${made.sha256}`)
      return { file: made.file, sha256: made.sha256, proof: base64(proof) }
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

self.addEventListener('message', async ({ data: { id, act, asked } }) => {
  const tell = (progress) => self.postMessage({ id, progress })
  try {
    self.postMessage({ id, result: await acts[act](asked, tell) })
  } catch (error) {
    self.postMessage({ id, error: known.includes(error?.message) ? error.message : 'unexpected' })
  }
})
