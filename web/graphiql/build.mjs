// Builds ../dist from this folder: one script, one style sheet, the page, the licences of
// what is inside, and a manifest that names every file by its hash. The same sources and
// the same lock file give the same bytes.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, '..', 'dist');
const sources = ['.npmrc', 'build.mjs', 'index.html', 'main.jsx', 'nostyle.js', 'package-lock.json', 'package.json', 'style.css'];
const sha256 = (data) => createHash('sha256').update(data).digest('hex');

// The style sheet of GraphiQL carries its fonts as data; the system's do.
const withoutFonts = {
  name: 'without-fonts',
  setup(b) {
    b.onLoad({ filter: /graphiql[\\/]dist[\\/]style\.css$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, 'utf8')).replace(/@font-face\s*\{[^}]*\}/g, ''),
      loader: 'css',
    }));
  },
};

const result = await build({
  absWorkingDir: here,
  entryPoints: ['main.jsx'],
  outdir: dist,
  entryNames: 'assets/graphiql-[hash]',
  plugins: [withoutFonts],
  alias: { 'react-style-singleton': './nostyle.js' },
  bundle: true,
  format: 'esm',
  target: ['chrome111', 'firefox114', 'safari16.4'],
  jsx: 'automatic',
  minify: true,
  legalComments: 'none', // the licences are in LICENSES.txt, in full
  define: { 'process.env.NODE_ENV': '"production"' },
  metafile: true,
  write: false,
  logLevel: 'warning',
});

// packagesOf lists the folders of the packages that went into the bundle.
function packagesOf(metafile) {
  const found = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll('\\', '/'));
    if (match) found.add(match[1]);
  }
  return [...found].sort();
}

async function licences(metafile) {
  const parts = ['The page is built from the packages below. Each keeps its own licence.\n'];
  for (const folder of packagesOf(metafile)) {
    const at = path.join(here, folder);
    const about = JSON.parse(await readFile(path.join(at, 'package.json'), 'utf8'));
    const texts = (await readdir(at)).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name)).sort();
    parts.push(`${'='.repeat(72)}\n${about.name} ${about.version}: ${about.license ?? 'see below'}\n`);
    for (const name of texts) parts.push((await readFile(path.join(at, name), 'utf8')).replaceAll('\r\n', '\n').trim() + '\n');
    if (texts.length === 0) {
      const author = typeof about.author === 'string' ? about.author : about.author?.name;
      const origin = typeof about.repository === 'string' ? about.repository : about.repository?.url;
      parts.push(`The package carries no licence text. Author: ${author ?? 'not named'}. Origin: ${origin ?? 'not named'}.\n`);
    }
  }
  return parts.join('\n');
}

const files = new Map();
let page = await readFile(path.join(here, 'index.html'), 'utf8');
for (const { path: file, contents } of result.outputFiles) {
  const name = path.relative(dist, file).replaceAll('\\', '/');
  files.set(name, Buffer.from(contents));
  page = page.replace(`{{${path.extname(name).slice(1)}}}`, name);
}
files.set('index.html', Buffer.from(page));
files.set('LICENSES.txt', Buffer.from(await licences(result.metafile)));

const manifest = { files: {}, sources: {} };
for (const name of [...files.keys()].sort()) manifest.files[name] = sha256(files.get(name));
for (const name of sources) manifest.sources[name] = sha256(await readFile(path.join(here, name)));
files.set('manifest.json', Buffer.from(JSON.stringify(manifest, null, 2) + '\n'));

await rm(dist, { recursive: true, force: true });
for (const [name, data] of files) {
  const file = path.join(dist, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, data);
}
for (const [name, data] of files) process.stdout.write(`${String(data.length).padStart(9)}  ${name}\n`);
