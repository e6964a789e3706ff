// The page around the frames: gives each its state, answers what it asks, makes it as tall as it is.

export const page = JSON.parse(document.getElementById('page').textContent);
const root = `/shops/${page.domain}/surfaces`;
const frames = () => [...document.querySelectorAll('iframe.extension')];
const post = (frame, kind, value, more = {}) => frame.contentWindow?.postMessage({ surface: kind, value, ...more }, '*');
const begun = new Set();

export async function json(url, body) {
  const answer = await fetch(url, body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

export function toast(text) {
  const note = Object.assign(document.createElement('div'), { className: 'toast', textContent: text });
  document.getElementById('toasts').append(note);
  setTimeout(() => note.remove(), 5000);
}

/** New values for every frame that has begun, or for one. */
export function share(state) {
  Object.assign(page.state, state);
  for (const frame of frames()) if (begun.has(frame)) post(frame, 'state', state);
}

export const openApp = (path) => window.open(path, '_blank', 'noopener');

const shared = {
  async token(frame) { return (await json(`${root}/token.json?for=${frame.dataset.token || page.more.token || 'shopper'}`)).token; },
  stored: (_, key) => localStorage.getItem(`${page.domain}:${key}`),
  store(_, key, text) {
    if (text === null) localStorage.removeItem(`${page.domain}:${key}`); else localStorage.setItem(`${page.domain}:${key}`, text);
  },
  toast(_, text) { toast(text); },
  untoast() { document.getElementById('toasts').replaceChildren(); },
  copy: (_, text) => navigator.clipboard.writeText(text),
  navigate(_, url, { target } = {}) {
    if (target === '_blank') openApp(url); else location.assign(url);
    return null;
  },
};

/** A frame for a dialog, of one in a template: it fills the dialog, and what is in it scrolls. */
export function filling(found) {
  const made = document.importNode(found, true);
  made.dataset.fills = 'yes';
  made.removeAttribute('scrolling');
  return made;
}

// A dialog of an extension lies over the whole page, as it does at Shopify: its frame grows, and the block stays in place.
function over(frame, open) {
  if (frame.dataset.fills) return;
  if (!open) {
    frame.classList.remove('over');
    frame.parentElement.querySelector(':scope > .kept')?.remove();
    post(frame, 'placed', null);
    return;
  }
  const { top, left, width, height } = frame.getBoundingClientRect();
  const kept = Object.assign(document.createElement('div'), { className: 'kept extension' });
  kept.style.height = `${height}px`;
  frame.before(kept);
  frame.classList.add('over');
  post(frame, 'placed', { top, left, width });
}

/** Begin: `calls` are answered for the frames, by name, given the frame and what it sent. */
export function host(calls = {}) {
  const answers = { ...shared, ...calls };
  const on = {
    ready(frame) {
      begun.add(frame);
      const { values, ...state } = page.state;
      post(frame, 'start', { state, values: { ...values, ...JSON.parse(frame.dataset.values || '{}') }, fills: !!frame.dataset.fills });
    },
    size(frame, { height }) {
      if (!frame.classList.contains('over') && !frame.dataset.fills) frame.style.height = `${height}px`;
      frame.classList.toggle('empty', !height);
    },
    hidden(frame) {
      frame.hidden = true;
      document.querySelector(`[data-action="${frame.dataset.asks}"]`)?.setAttribute('hidden', '');
    },
    heading(frame, text) { const place = frame.closest('.card')?.querySelector('.head h2'); if (place && text) place.textContent = text; },
    overlay(frame, { open }) { over(frame, open); },
    async ask(frame, { name, given }, id) {
      try {
        if (!answers[name]) throw new Error(`${name} is not possible here`);
        post(frame, 'answer', await answers[name](frame, ...given), { id });
      } catch (error) {
        post(frame, 'answer', null, { id, error: error.message });
      }
    },
  };
  addEventListener('message', (event) => {
    const frame = frames().find((one) => one.contentWindow === event.source);
    if (frame && on[event.data?.surface]) on[event.data.surface](frame, event.data.value, event.data.id);
  });
  // A frame may have been ready before this page was.
  for (const frame of frames()) post(frame, 'hello');
}
