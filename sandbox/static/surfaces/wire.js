// Talking across the frame's edge: the frame asks, the page around it answers.

/** In the frame. */
export class Wire {
  constructor(heard) {
    this.count = 0;
    this.waiting = new Map();
    window.addEventListener('message', (event) => {
      if (event.source !== window.parent || !event.data?.surface) return;
      const { surface: kind, id, value, error } = event.data;
      if (kind !== 'answer') { heard(kind, value); return; }
      const { resolve, reject } = this.waiting.get(id) || {};
      this.waiting.delete(id);
      if (error) reject?.(new Error(error)); else resolve?.(value);
    });
  }

  tell(kind, value) { window.parent.postMessage({ surface: kind, value }, '*'); }

  ask(name, ...given) {
    const id = this.count += 1;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      window.parent.postMessage({ surface: 'ask', id, value: { name, given } }, '*');
    });
  }
}
