// Asks the worker to do one thing with a key, and hears how far it is.

export class WorkerClient {
  constructor(address) {
    this.worker = new Worker(address)
    this.next = 0
  }

  request(act, details, onProgress) {
    const id = ++this.next
    return new Promise((resolve, reject) => {
      const settle = (finish, value) => {
        this.worker.removeEventListener('message', hear)
        this.worker.removeEventListener('error', fail)
        finish(value)
      }
      const fail = () => settle(reject, new Error('worker'))
      const hear = ({ data }) => {
        if (data.id !== id) return
        if ('progress' in data) onProgress(data.progress)
        else if ('error' in data) settle(reject, new Error(data.error))
        else settle(resolve, data.result)
      }
      this.worker.addEventListener('message', hear)
      this.worker.addEventListener('error', fail)
      this.worker.postMessage({ id, act, details })
    })
  }
}
