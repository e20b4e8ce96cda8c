// What the panel says. Every refusal says the way out.

export const MIN_PASSPHRASE_LENGTH = 12 // characters of a passphrase

export const PROGRESS = {
  key: 'Making the key. This takes from a few seconds to a minute; you can leave it running.',
  request: 'The key is made. Making its CSR.',
  lock: 'Locking the key with your passphrase.',
  unlock: 'Opening the key with your passphrase.',
  pfx: 'Building the PFX.',
}

export const ERRORS = {
  short: `The passphrase must have at least ${MIN_PASSPHRASE_LENGTH} characters.`,
  differs: 'The two passphrases differ. Type the same one twice.',
  none: 'Enter the passphrase.',
  file: 'Choose the backup file.',
  passphrase: 'The passphrase does not open this key. Try again: capital letters, spaces and the keyboard’s language matter.',
  backup: 'This is no backup of a key. Choose the file that was saved here; it begins with BEGIN ENCRYPTED PRIVATE KEY.',
  damaged: 'This backup is damaged: part of it is missing or was changed. Choose the file as it was saved, or another copy of it.',
  kind: 'The key in this backup is no RSA key, which the DIP asks for. Choose the backup that was saved here, or make a new key here.',
  size: 'The key in this backup does not have 4096 bits, which the DIP asks for. Make a new key here.',
  certificate: 'The certificate could not be read from this portal. Load the page again; if you were signed out, sign in first.',
  'other-key': 'The certificate belongs to another key than the one in this browser. Load the backup of the right key, or report the problem below.',
  'other-backup': 'This backup holds another key than the one of the CSR that was sent. Choose the backup of this onboarding’s key.',
  storage: 'This browser does not keep the key: it may be in a private window, or its storage is full. Use an ordinary window, or choose another way.',
  worker: 'The script that makes keys did not load. Load the page again, or choose another way.',
  unexpected: 'This browser could not do it. Load the page again, try another browser, or choose another way.',
  insecure: 'This browser makes keys only on pages that begin with https. Ask who runs this portal, or choose another way.',
  old: 'This browser is too old to make keys. Use a newer one, or choose another way.',
  'not-made': 'Make the key first: enter a passphrase and press “Make the key”.',
  'not-built': 'Build the PFX first: enter the passphrase and press “Build the PFX”.',
}

export const NOTICES = {
  made: 'The key is made and kept in this browser. Save its backup, then press “Save and continue” to send the CSR.',
  loaded: 'The key is in this browser now.',
  saved: 'The backup was given to your browser to save. Look for it in your downloads.',
  forgotten: 'The key is no longer in this browser.',
  built: 'The PFX was given to your browser to save. Look for it in your downloads',
}

/** What is said after a PFX that is not the DIP's. */
export function otherBuilt(password) {
  const secret = password ? ` Its password, shown only now: ${password}` : ''
  return `${NOTICES.built}. It is not for the DIP, and this step does not note it.${secret}`
}
