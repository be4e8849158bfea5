#!/usr/bin/env node
// Runs the binary that npm installed for this machine.
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const platform = `${process.platform}-${process.arch}`;
const name = process.platform === 'win32' ? 'ers-fhir.exe' : 'ers-fhir';

let binary;
try {
  binary = path.join(path.dirname(require.resolve(`@ers-fhir/${platform}/package.json`)), name);
} catch {
  console.error(
    `ers-fhir: there is no binary for ${platform}. Install without --omit=optional, or build from source: ` +
      'https://github.com/ers-fhir/ers-fhir',
  );
  process.exit(2);
}

const done = spawnSync(binary, process.argv.slice(2), { stdio: 'inherit' });
if (done.error) {
  console.error(`ers-fhir: ${binary} does not run: ${done.error.message}`);
  process.exit(2);
}
if (done.signal) {
  process.kill(process.pid, done.signal);
}
process.exit(done.status ?? 2);
