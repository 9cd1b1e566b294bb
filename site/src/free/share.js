// A program in a link: compressed, in the address's fragment, which browsers send to nobody.

const KEY = "program=";

// The link to a page that opens with the program. page: URL.
export async function shareLink(program, page) {
  const link = new URL(page);
  link.hash = KEY + await pack(program);
  return link.href;
}

// The program in a fragment, "#program=...", or null. Throws an Error if it is damaged.
export async function programIn(hash) {
  const text = hash.replace(/^#/, "");
  return text.startsWith(KEY) ? unpack(text.slice(KEY.length)) : null;
}

// Text as letters that may stand in an address (RFC 4648, section 5).
export async function pack(text) {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export async function unpack(packed) {
  try {
    const letters = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const text = await through(bytes, new DecompressionStream("deflate-raw"));
    return new TextDecoder("utf-8", { fatal: true }).decode(text);
  } catch {
    throw new Error("The link is damaged: a part of it is missing or changed.");
  }
}

async function through(bytes, stream) {
  const written = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(written).arrayBuffer());
}
