/** Text for XML 1.0, which has no place for control characters, nor for half a surrogate pair. */
export function xmlText(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
}

/** Text for a CDATA section: junit-report-builder takes care of the first `]]>` of a text only. */
export function xmlData(text: string): string {
  return xmlText(text).replaceAll(']]>', ']] >')
}
