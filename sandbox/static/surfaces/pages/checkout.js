// The checkout page: the buyer's own changes, and those that extensions ask for, go the same way.
import { host, json, share } from '../host.js';

const here = location.pathname;
const summary = document.getElementById('summary');

async function change(kind, asked) {
  const { result, summary: html, state } = await json(`${here}/${kind}.json`, asked);
  summary.innerHTML = html; // the sandbox's own template
  const { values, ...fresh } = state;
  share(fresh);
  return result;
}

async function byBuyer(code) {
  const result = await change('code', { type: 'addDiscountCode', code });
  if (result.type === 'success') return;
  const card = await change('gift-card', { type: 'addGiftCard', code });
  if (card.type !== 'success') document.getElementById('code-error').textContent = 'Enter a valid discount code or gift card';
}

summary.addEventListener('submit', (event) => {
  event.preventDefault();
  byBuyer(new FormData(event.target).get('code'));
});
summary.addEventListener('click', (event) => {
  const code = event.target.closest('[data-remove]')?.dataset.remove;
  if (code) change('code', { type: 'removeDiscountCode', code });
});
for (const field of document.querySelectorAll('#pay input[name=email], #pay input[name$=_name]')) {
  field.addEventListener('change', () => change('typed', { [field.name]: field.value }));
}
for (const field of document.querySelectorAll('[data-typed]')) {
  field.addEventListener('change', () => change('typed', { [field.dataset.typed]: field.value }));
}

const success = async () => ({ type: 'success' });
host({
  applyDiscountCodeChange: (_, asked) => change('code', asked),
  applyGiftCardChange: (_, asked) => change('gift-card', asked),
  applyMetafieldChange: success,
  applyNoteChange: success,
  applyAttributeChange: success,
  applyCartLinesChange: async () => ({ type: 'error', message: 'The sandbox keeps the lines as they are' }),
  applyShippingAddressChange: async () => ({ type: 'error', errors: [] }),
});
