import {SukiProduct} from './product.js';

if (!customElements.get('suki-product')) customElements.define('suki-product', SukiProduct);
