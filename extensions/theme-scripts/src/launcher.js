import {Panel} from './panel.js';

if (!customElements.get('suki-launcher')) customElements.define('suki-launcher', Panel);
