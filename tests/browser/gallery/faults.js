// What is wrong with a page as it stands before a reader: text that leaves its box or the window, letters that no font
// has, text that can't be told from its ground, words broken in two, and text that begins at the wrong side. An expression: a function.
() => {
  const found = new Set();
  const wide = document.documentElement.clientWidth;
  const near = 1;
  const page = /** @type {HTMLElement} */ (document.querySelector('.suki') ?? document.documentElement);
  const spaced = !/^(ja|th)/.test(page.lang);
  const rightToLeft = page.dir === 'rtl';
  if (document.documentElement.scrollWidth > wide) {
    found.add(`the page is ${document.documentElement.scrollWidth} wide in a window of ${wide}`);
  }

  const colour = (/** @type {string} */ said) => {
    const [red, green, blue, alpha = 1] = said.match(/[\d.]+/g).map(Number);
    return {red, green, blue, alpha};
  };
  const light = ({red, green, blue}) => {
    const [r, g, b] = [red, green, blue].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => (Math.max(light(one), light(other)) + 0.05) / (Math.min(light(one), light(other)) + 0.05);
  const ground = (/** @type {Element | null} */ element) => {
    for (let at = element; at; at = at.parentElement) {
      const behind = colour(getComputedStyle(at).backgroundColor);
      if (behind.alpha === 1) return behind;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches && getComputedStyle(document.documentElement).colorScheme.includes('dark')
      ? colour('rgb(18, 18, 18)') : colour('rgb(255, 255, 255)');
  };
  const block = (/** @type {Element} */ element) => {
    let at = element;
    while (at.parentElement && /^(inline|contents|ruby)$/.test(getComputedStyle(at).display)) at = at.parentElement;
    return at;
  };
  const unseen = (/** @type {Element} */ element) => {
    for (let at = element; at; at = at.parentElement) {
      const {width, height} = at.getBoundingClientRect();
      if (getComputedStyle(at).overflow !== 'visible' && (width <= 1 || height <= 1)) return true;
    }
    return !element.checkVisibility({opacityProperty: true, visibilityProperty: true});
  };

  const paper = document.createElement('canvas');
  paper.width = paper.height = 48;
  const pen = paper.getContext('2d', {willReadFrequently: true});
  const drawn = (/** @type {string} */ letter, /** @type {string} */ family) => {
    pen.clearRect(0, 0, 48, 48);
    pen.font = `28px ${family}`;
    pen.fillText(letter, 6, 34);
    return pen.getImageData(0, 0, 48, 48).data.join('');
  };
  const seen = new Set();
  const boxes = new Map();
  const missing = (/** @type {string} */ text, /** @type {string} */ family) => {
    if (!boxes.has(family)) boxes.set(family, ['\u{10FFFD}', '\u0378'].map((none) => drawn(none, family)));
    return [...text].filter((letter) => {
      if (/[\s\p{Cf}]/u.test(letter) || seen.has(family + letter)) return false;
      seen.add(family + letter);
      return boxes.get(family).includes(drawn(letter, family));
    });
  };

  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = node.textContent.trim();
    const element = node.parentElement;
    if (!text || element.closest('head, script, style, noscript, template, option') || unseen(element)) continue;
    const style = getComputedStyle(element);
    const name = text.slice(0, 60);
    const box = block(element);
    const around = box.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (!rect.width) continue;
      if (rect.left < -near || rect.right > wide + near) found.add(`leaves the window: ${name}`);
      if (rect.left < around.left - near || rect.right > around.right + near) found.add(`leaves its box: ${name}`);
      for (let at = box; at; at = at.parentElement) {
        const {overflowX, overflowY} = getComputedStyle(at);
        const edge = at.getBoundingClientRect();
        if (overflowX === 'hidden' && (rect.left < edge.left - near || rect.right > edge.right + near)) found.add(`is cut: ${name}`);
        if (overflowY === 'hidden' && at !== document.body && at !== document.documentElement && rect.top + rect.height / 2 > edge.bottom) {
          found.add(`is cut below: ${name}`);
        }
      }
    }
    if (spaced && !text.includes('://')) {
      for (const word of node.textContent.matchAll(/(?<![\p{L}\p{M}])[\p{L}\p{M}]{2,24}(?![\p{L}\p{M}])/gu)) {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top / 8)));
        if (lines.size > 1 && range.getBoundingClientRect().height > 1.7 * parseFloat(style.fontSize)) found.add(`breaks a word: ${word[0]}`);
      }
    }
    for (const letter of missing(text, style.fontFamily)) {
      found.add(`no font has U+${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}: ${name}`);
    }
    const behind = ground(element);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const clear = contrast(colour(style.color), behind);
    if (clear < least) found.add(`contrast ${clear.toFixed(2)}: ${name}`);
    if (rightToLeft && /[\u0590-\u08FF]/.test(text)) {
      if (style.direction !== 'rtl') found.add(`reads from the left: ${name}`);
      if (/left$/.test(getComputedStyle(box).textAlign)) found.add(`stands at the left: ${name}`);
    }
  }
  return [...found];
}
