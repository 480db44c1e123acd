// Opens the school. `npm start`.

import { school } from './school.js';
import { PORT, PORTARIA } from './settings.js';

school(PORTARIA).listen(PORT, '127.0.0.1', () => {
  console.log(`The school is open at http://127.0.0.1:${PORT}; its teachers are those of ${PORTARIA}.`);
});
