// Room, borders and sizes, as boxes, stacks, grids and clickables share them. Values may depend on a container.

export const SPACE = {
  none: 0, 'small-500': 1, 'small-400': 2, 'small-300': 4, 'small-200': 8, 'small-100': 10, small: 12, base: 16,
  large: 20, 'large-100': 20, 'large-200': 24, 'large-300': 32, 'large-400': 40, 'large-500': 48,
};
const ROUND = { none: '0', 'small-200': '2px', 'small-100': '4px', small: '4px', base: 'var(--round)', large: 'calc(var(--round)*2)', 'large-100': '12px', 'large-200': '16px', max: '999px' };
const GROUND = { subdued: 'var(--ground-2)', base: 'var(--ground)', strong: 'var(--ground-3)', transparent: 'transparent' };
const EDGE = { subdued: 'var(--edge)', base: 'var(--edge)', strong: 'var(--edge-2)' };
const SIZES = ['blockSize', 'minBlockSize', 'maxBlockSize', 'inlineSize', 'minInlineSize', 'maxInlineSize'];
const PADDINGS = ['padding', 'paddingBlock', 'paddingBlockStart', 'paddingBlockEnd', 'paddingInline', 'paddingInlineStart', 'paddingInlineEnd'];

export const BOX = Object.fromEntries([
  ...SIZES, ...PADDINGS, 'background', 'border', 'borderWidth', 'borderColor', 'borderStyle', 'borderRadius', 'display',
  'overflow', 'accessibilityLabel', 'accessibilityRole', 'accessibilityVisibility', 'id',
].map((name) => [name, String]));

export const spaced = (text) => text.trim().split(/\s+/).map((word) => (word in SPACE ? `${SPACE[word]}px` : word)).join(' ');
const dashed = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** "@container name (inline-size > 500px) A, B": B, and A where the condition holds. */
function parted(value) {
  const found = /^@container\s*([\w-]*)\s*(\([^)]*\)(?:\s*(?:and|or)\s*\([^)]*\))*)\s*(.*)$/s.exec(value.trim());
  if (!found) return { plain: value };
  let depth = 0;
  for (let place = 0; place < found[3].length; place += 1) {
    if (found[3][place] === '(') depth += 1;
    if (found[3][place] === ')') depth -= 1;
    if (found[3][place] === ',' && !depth) {
      return { name: found[1], condition: found[2], when: found[3].slice(0, place).trim(), plain: found[3].slice(place + 1).trim() };
    }
  }
  return { plain: found[3] };
}

/** One property of the host. */
export function rule(part, name, { property = dashed(name), change = (text) => text, selector = ':host' } = {}) {
  const value = part.getAttribute(name);
  if (!value) return '';
  const { name: container, condition, when, plain } = parted(value);
  const always = `${selector}{${property}:${change(plain)}}`;
  return condition ? `${always}@container ${container} ${condition}{${selector}{${property}:${change(when)}}}` : always;
}

export function boxed(part) {
  const css = PADDINGS.map((name) => rule(part, name, { change: spaced }));
  for (const name of SIZES) css.push(rule(part, name));
  css.push(rule(part, 'background', { change: (word) => GROUND[word] || 'none' }), rule(part, 'overflow'));
  css.push(rule(part, 'borderRadius', { change: (text) => text.split(/\s+/).map((word) => ROUND[word] || word).join(' ') }));
  const [width, colour = 'base', style = 'solid'] = part.at('border').split(/\s+/);
  if (width && width !== 'none') css.push(`:host{border:${width.startsWith('large') ? 2 : 1}px ${style === 'auto' ? 'solid' : style} ${EDGE[colour] || EDGE.base}}`);
  if (part.at('borderWidth')) {
    const widths = part.at('borderWidth').split(/\s+/).map((word) => (word === 'none' ? '0' : word.startsWith('large') ? '2px' : '1px'));
    css.push(`:host{border:0 ${part.at('borderStyle', 'solid')} ${EDGE[part.at('borderColor')] || EDGE.base};border-width:${widths.join(' ')}}`);
  }
  if (part.at('display') === 'none') css.push(':host{display:none}');
  if (part.at('accessibilityVisibility') === 'exclusive') css.push(':host{clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;width:1px}');
  return css.join('');
}

const ROLES = { main: 'main', header: 'banner', footer: 'contentinfo', section: 'region', aside: 'complementary', navigation: 'navigation', 'ordered-list': 'list', 'unordered-list': 'list', 'list-item': 'listitem', separator: 'separator', status: 'status', alert: 'alert' };

/** Its role and name for those who cannot see it. */
export function named(part) {
  const role = ROLES[part.at('accessibilityRole')];
  if (role) part.setAttribute('role', role);
  if (part.at('accessibilityLabel')) {
    if (!role) part.setAttribute('role', 'group');
    part.setAttribute('aria-label', part.at('accessibilityLabel'));
  }
  if (part.at('accessibilityVisibility') === 'hidden') part.setAttribute('aria-hidden', 'true');
}
