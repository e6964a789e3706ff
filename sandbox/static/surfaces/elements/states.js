// What says how far something is, or that it is not there yet.
import { Part, define } from './part.js';

class Progress extends Part {
  static props = { value: Number, max: Number, tone: String, accessibilityLabel: String };
  static css = ':host{display:block}div{background:var(--ground-3);border-radius:999px;height:8px;overflow:hidden}i{background:var(--primary);display:block;height:100%}:host([tone=critical]) i{background:var(--critical-strong)}';
  html() { return '<div role="progressbar" aria-valuemin="0"><i></i></div>'; }
  update() {
    const most = this.hasAttribute('max') ? this.max : 1;
    const bar = this.$('div');
    bar.setAttribute('aria-valuemax', String(most));
    bar.setAttribute('aria-valuenow', String(this.value || 0));
    bar.setAttribute('aria-label', this.at('accessibilityLabel') || 'Progress');
    this.$('i').style.width = `${Math.max(0, Math.min(100, (100 * (this.value || 0)) / (most || 1)))}%`;
  }
}
class Skeleton extends Part {
  static props = { content: String };
  static css = ':host{display:block}p{background:var(--ground-3);border-radius:4px;color:transparent;margin:0;min-height:1.2em;overflow-wrap:anywhere;user-select:none;width:fit-content;min-width:40%}';
  html() { return '<p aria-hidden="true"></p>'; }
  update() { this.$('p').textContent = this.at('content'); }
}
class Spinner extends Part {
  static props = { accessibilityLabel: String, size: String };
  static css = ':host{display:inline-block}i{animation:turn .8s linear infinite;border:2px solid var(--ground-3);border-radius:50%;border-top-color:var(--text);display:block;height:20px;width:20px}:host([size^=large]) i{height:36px;width:36px}@keyframes turn{to{transform:rotate(1turn)}}@media(prefers-reduced-motion:reduce){i{animation:none}}';
  html() { return '<i role="status"></i>'; }
  update() { this.$('i').setAttribute('aria-label', this.at('accessibilityLabel') || 'Loading'); }
}
class Announcement extends Part {
  static events = ['dismiss', 'toggle', 'aftertoggle'];
  static css = ':host{background:var(--ground-2);display:block;padding:12px 16px}';
}
// What the sandbox has no content for: room of its size.
const SIZED = Object.fromEntries(['accessibilityLabel', 'blockSize', 'inlineSize', 'maxBlockSize', 'maxInlineSize', 'minBlockSize', 'minInlineSize', 'src', 'type'].map((name) => [name, String]));
class Nothing extends Part {
  static props = SIZED;
  static css = ':host{background:var(--ground-3);display:block;min-height:80px}';
  html() { return ''; }
}
const PLACE = { latitude: Number, longitude: Number, zoom: Number, maxZoom: Number, minZoom: Number, apiKey: String, clusterable: Boolean, command: String, commandFor: String };
class Map extends Nothing {
  static props = { ...SIZED, ...PLACE };
  static events = ['viewchange', 'boundschange'];
}
class Chat extends Nothing { static events = ['ready']; }

define({ progress: Progress, 'skeleton-paragraph': Skeleton, spinner: Spinner, announcement: Announcement, map: Map, 'map-marker': class extends Map {}, chat: Chat, embed: class extends Nothing {} });
