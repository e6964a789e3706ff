import {} from './product.js';
