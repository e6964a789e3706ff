// Every element that a surface has. None is Shopify's: they look and behave alike, as far as its documents say.
import './layout.js';
import './text.js';
import './actions.js';
import './overlays.js';
import './fields.js';
import './choices.js';
import './states.js';
import './till.js';
import './admin.js';
