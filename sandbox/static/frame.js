// The admin frame: answers what App Bridge asks, shows toasts, the save bar and the app's menu.
const frame = document.querySelector('#app');
const { domain, base, origin, start } = frame.dataset;
const $ = (selector) => document.querySelector(selector);

async function loadUrl(path) {
  const answer = await fetch(`/shops/${domain}/admin/load?path=${encodeURIComponent(path)}`);
  return (await answer.json()).url;
}

const reply = (id, value) => frame.contentWindow.postMessage({ sandbox: 'answer', id, value }, origin);
const tell = (kind, value) => frame.contentWindow.postMessage({ sandbox: kind, value }, origin);

const on = {
  async token({ id }) {
    const answer = await fetch(`/shops/${domain}/id-token`);
    reply(id, (await answer.json()).id_token);
  },
  async extensions({ id }) {
    const answer = await fetch(`/shops/${domain}/admin/extensions.json`);
    reply(id, await answer.json());
  },
  async load({ id, path }) { reply(id, await loadUrl(path)); },
  leave({ id }) { reply(id, window.confirm('Leave page with unsaved changes?')); },
  admin({ path }) {
    const [, kind] = path.match(/^\/(\w+)/) || [];
    location.assign(`/shops/${domain}/${{ orders: 'orders', customers: 'customers' }[kind] || ''}`);
  },
  loading({ value }) { $('#progress').hidden = !value; },
  savebar({ value }) { $('#savebar').hidden = !value; document.body.classList.toggle('saving', value); },
  savebusy({ value }) { for (const name of ['#save', '#discard']) $(name).disabled = value; },
  toast({ value }) {
    const note = document.createElement('div');
    note.className = value.error ? 'toast error' : 'toast';
    note.id = value.id;
    note.setAttribute('role', 'status');
    note.textContent = value.text;
    $('#toasts').append(note);
    setTimeout(() => note.remove(), 5000);
  },
  untoast({ value }) { document.getElementById(value)?.remove(); },
  page({ value }) {
    history.replaceState(null, '', base + value.path);
    document.title = `${value.title || 'App'} · ${domain}`;
    showLinks(value);
  },
};

function showLinks({ links, path }) {
  const list = $('#app-links');
  const own = path.split('?')[0];
  const best = links.filter((one) => own === one.href.split('?')[0] || own.startsWith(`${one.href.split('?')[0]}/`))
    .sort((a, b) => b.href.length - a.href.length)[0];
  list.replaceChildren(...links.map((one) => {
    const item = document.createElement('a');
    item.textContent = one.text;
    item.href = base + one.href;
    if (one === best) item.setAttribute('aria-current', 'page');
    item.addEventListener('click', (event) => {
      event.preventDefault();
      document.body.classList.remove('menu');
      tell('go', one.href);
    });
    return item;
  }));
}

window.addEventListener('message', (event) => {
  if (event.source === frame.contentWindow && event.origin === origin && on[event.data?.sandbox]) {
    on[event.data.sandbox](event.data);
  }
});
$('#save').addEventListener('click', () => tell('save'));
$('#discard').addEventListener('click', () => tell('discard'));
$('#menu').addEventListener('click', () => document.body.classList.toggle('menu'));
frame.src = start;
