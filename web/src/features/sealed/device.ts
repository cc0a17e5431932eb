// The key pair of a device that waits to be let into its owner's vault. Guardians may take days, so it is kept in this browser; its
// private key can be used and not read out.
const DATABASE = "healthsync-vault";
const STORE = "waiting";

export interface WaitingDevice {
  /** The code of the vault that it asks for. */
  vault: string;
  pair: CryptoKeyPair;
  publicKey: string;
  code: string;
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "vault" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

export const keptPair = (vault: string) =>
  within<WaitingDevice | undefined>("readonly", (store) => store.get(vault)).catch(() => undefined);
export const keepPair = (device: WaitingDevice) => within("readwrite", (store) => store.put(device));
export const forgetPair = (vault: string) => within("readwrite", (store) => store.delete(vault));
