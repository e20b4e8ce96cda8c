// Where a locked key survives a reload: one record for each onboarding, in this browser's IndexedDB.
// What is in it cannot be read without the passphrase (key-encryption.js).

const NAME = 'certificate-onboarding'
const KEYS = 'keys'

function resultOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function withStore(mode, use) {
  const opening = indexedDB.open(NAME, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(KEYS, { keyPath: 'code' })
  const database = await resultOf(opening)
  try {
    return await resultOf(use(database.transaction(KEYS, mode).objectStore(KEYS)))
  } finally {
    database.close()
  }
}

export const findKey = (code) => withStore('readonly', (keys) => keys.get(code))
export const deleteKey = (code) => withStore('readwrite', (keys) => keys.delete(code))

/** Keeps it, asks the browser not to clear it on its own, and looks whether it is really there. */
export async function storeKey(record) {
  await withStore('readwrite', (keys) => keys.put(record))
  // Firefox asks the person and answers when they do, or never: the key is stored whatever they say.
  navigator.storage?.persist?.().catch(() => {})
  if (!(await findKey(record.code))) throw new Error('storage')
}
