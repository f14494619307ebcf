// Copies what the pages need of third-party packages into the Python package.
//
// Run by `npm run build`. Styles lose their data: URIs (they become files), because the pages are served
// under a policy that loads nothing but the console's own files. Icons become one sprite of the used ones.

import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const target = join(here, "..", "src", "sendmill", "console", "static", "vendor");

async function copyStyles() {
  let css = await readFile(join(modules, "@tabler/core/dist/css/tabler.min.css"), "utf8");
  css = css.replace(/\/\*# sourceMappingURL=.*?\*\//g, "");
  const images = new Map();
  css = css.replace(/url\((["']?)(data:image\/svg\+xml,.*?)\1\)(?=[\s;,})])/g, (_, quote, uri) => {
    const svg = decodeURIComponent(uri.slice("data:image/svg+xml,".length));
    const name = createHash("sha256").update(svg).digest("hex").slice(0, 12) + ".svg";
    images.set(name, svg);
    return `url(images/${name})`;
  });
  if (/url\(["']?data:/.test(css)) {
    throw new Error("A data: URI is left in the styles; the pages' policy would refuse it.");
  }
  if (!/The Tabler Authors[\s\S]{0,200}MIT/.test(css)) throw new Error("The styles lost their licence notice.");
  await mkdir(join(target, "tabler/images"), { recursive: true });
  await writeFile(join(target, "tabler/tabler.css"), css);
  for (const [name, svg] of images) await writeFile(join(target, "tabler/images", name), svg);
}

async function copyFont() {
  const source = join(modules, "@fontsource-variable/inter");
  await mkdir(join(target, "inter"), { recursive: true });
  for (const subset of ["latin", "latin-ext"]) {
    await cp(join(source, `files/inter-${subset}-wght-normal.woff2`), join(target, `inter/inter-${subset}.woff2`));
  }
  await cp(join(source, "LICENSE"), join(target, "inter/LICENSE"));
}

async function drawIcons() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = [];
  for (const name of names) {
    const svg = await readFile(join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
    const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    symbols.push(
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round"` +
        ` stroke-linejoin="round">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`,
    );
  }
  await mkdir(join(target, "icons"), { recursive: true });
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`;
  await writeFile(join(target, "icons/icons.svg"), sprite);
  await cp(join(modules, "@tabler/icons/LICENSE"), join(target, "icons/LICENSE"));
}

await rm(target, { recursive: true, force: true });
await Promise.all([copyStyles(), copyFont(), drawIcons()]);
