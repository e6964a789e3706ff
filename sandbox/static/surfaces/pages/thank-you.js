// The thank-you page: nothing can be changed there.
import { host } from '../host.js';

host();
