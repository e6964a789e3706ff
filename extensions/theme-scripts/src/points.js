import {SukiCart} from './cart-points.js';
import {SukiProduct} from './product.js';

if (!customElements.get('suki-product')) customElements.define('suki-product', SukiProduct);
if (!customElements.get('suki-cart')) customElements.define('suki-cart', SukiCart);
