/** What Liquid worked out for each variant: the number follows the variant that is chosen in the product's form. */
export class SukiProduct extends HTMLElement {
  follow = () => requestAnimationFrame(() => this.show(chosen(this)));

  connectedCallback() {
    document.addEventListener('change', this.follow);
    window.addEventListener('popstate', this.follow);
  }

  disconnectedCallback() {
    document.removeEventListener('change', this.follow);
    window.removeEventListener('popstate', this.follow);
  }

  /** @param {string} variant Its id. One of another product changes nothing. */
  show(variant) {
    const text = [...this.querySelectorAll('template')].find((one) => one.dataset.variant === variant);
    const line = this.querySelector('[data-shown]');
    const words = text?.content.textContent?.trim();
    if (words !== undefined && line && line.textContent !== words) line.textContent = words;
  }
}

/**
 * Themes change the form's field, the address, or both; the field that lies nearest to the block counts first.
 *
 * @param {Element} block
 * @returns {string}
 */
function chosen(block) {
  const near = block.closest('section, [id^="shopify-section"], main') ?? document;
  const field = /** @type {HTMLInputElement | null} */ (
    near.querySelector('form[action*="/cart/add"] [name="id"]:not([type=radio]), form[action*="/cart/add"] [name="id"]:checked')
  );
  return field?.value || new URLSearchParams(location.search).get('variant') || '';
}
