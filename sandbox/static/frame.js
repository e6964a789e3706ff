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
  async pick({ id, options }) { reply(id, await picked(options)); },
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

// The resource picker: what is chosen as Shopify answers it, nothing where it is closed.
function picked({ type, multiple = false, selectionIds = [], query = '' }) {
  const dialog = $('#picker');
  const list = dialog.querySelector('ul');
  const asked = dialog.querySelector('input');
  const chosen = new Set(selectionIds.map((one) => one.id));
  const known = new Map();
  dialog.querySelector('h2').textContent = `Select ${type}s`;
  asked.value = query;
  async function look() {
    const answer = await fetch(`/shops/${domain}/admin/picker.json?type=${type}&query=${encodeURIComponent(asked.value)}`);
    const found = await answer.json();
    found.forEach((one) => known.set(one.id, one));
    list.replaceChildren(...found.map((one) => {
      const row = document.createElement('label');
      const tick = Object.assign(document.createElement('input'), { type: multiple ? 'checkbox' : 'radio', name: 'picked' });
      tick.checked = chosen.has(one.id);
      tick.addEventListener('change', () => {
        if (!multiple) chosen.clear();
        if (tick.checked) chosen.add(one.id); else chosen.delete(one.id);
      });
      row.append(tick, one.title);
      const item = document.createElement('li');
      item.append(row);
      return item;
    }));
  }
  return new Promise(async (resolve) => {
    asked.oninput = look;
    await look();
    dialog.returnValue = '';
    dialog.onclose = async () => {
      if (dialog.returnValue !== 'select') return resolve(undefined);
      const missing = [...chosen].filter((one) => !known.has(one));
      if (missing.length) {
        const answer = await fetch(`/shops/${domain}/admin/picker.json?type=${type}`);
        (await answer.json()).forEach((one) => known.set(one.id, one));
      }
      resolve([...chosen].map((one) => known.get(one)).filter(Boolean));
    };
    dialog.showModal();
  });
}

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
