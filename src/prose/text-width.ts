/** How many terminal columns a text takes. Control characters and colour codes must be gone before. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  return graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0)
}

/** The characters as a reader counts them: a letter with its accents is one. */
export function graphemes(text: string): string[] {
  return (text.match(PIECES) ?? []).flatMap((piece) =>
    piece.length === 1 ? piece : Array.from(segmenter.segment(piece), ({ segment }) => segment),
  )
}

/** Columns of one grapheme: 0, 1 or 2, rarely more (clusters of some Indian scripts). */
export function graphemeWidth(grapheme: string): number {
  if (EMOJI.test(grapheme)) return 2
  let width = 0
  for (const character of grapheme) width += characterWidth(character)
  return width
}

/** Appends blanks until the text takes `columns`; a wider text is returned as it is. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)))
}

const segmenter = new Intl.Segmenter()

// Node 20's segmenter needs quadratic time, so it gets short pieces. ASCII before ASCII always stands alone.
const PIECES = /[\0-\x7f](?=[\0-\x7f]|$)|[\0-\x7f]?[^\0-\x7f]{1,500}\p{M}*/gu

// A sequence that is drawn as one picture: with the selector for colour, a skin tone, joiners, or a flag's two letters.
const EMOJI =
  /^(?:\p{Emoji}\ufe0f|\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|\p{Extended_Pictographic}.*\u200d|\p{Regional_Indicator}{2})/su

// Marks and joiners sit on the character before them; so do the vowels and final consonants of Korean letters.
const ZERO = /[\p{M}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\ud7b0-\ud7ff]/u

// Unicode's East Asian Width classes W and F. JavaScript has no property for them, but all emoji of
// Emoji_Presentation are W.
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u

function characterWidth(character: string): number {
  if (ZERO.test(character)) return 0
  if (REGIONAL.test(character)) return 1
  return WIDE.test(character) ? 2 : 1
}

const REGIONAL = /\p{Regional_Indicator}/u
