/** Who has handed something in, as a learning platform's name of a folder or file tells it. */
export interface Sender {
  readonly platform: 'moodle' | 'canvas'
  /** Moodle: the whole name; Canvas: the last name and the others in small letters, without blanks. */
  readonly name: string
  /** Moodle: the number of `Participant 12345`; Canvas: the user's id. */
  readonly id: string
  /** Canvas says so in the name of the file; Moodle says nothing. */
  readonly late: boolean | null
}

/**
 * Reads a path of a bulk download: Moodle's `Ann Lee_12345_assignsubmission_file_/lab.zip`, also without folders, and
 * Canvas' `leeann_LATE_12345_67890_lab.zip`; null if it is none. What is below a platform's folder, or behind a platform's words
 * in a name, was named by the student, so it says nothing.
 */
export function senderOf(path: string): Sender | null {
  const folders = path.split('/')
  const file = folders.pop()!
  for (const folder of folders) {
    const sender = moodleSender(folder)
    if (sender) return sender
  }
  // Canvas puts the student's own name for the file at the end, and that may look like Moodle's.
  return canvasSender(file) ?? moodleSender(file)
}

function moodleSender(name: string): Sender | null {
  const moodle = /^(.+?)_(\d+)_assignsubmission_file(?:_.*)?$/s.exec(name)
  return moodle && { platform: 'moodle', name: moodle[1]!.trim(), id: moodle[2]!, late: null }
}

function canvasSender(name: string): Sender | null {
  const canvas = /^([^_\s]+)(_LATE)?_(\d+)_(\d+)_.+$/s.exec(name)
  return canvas && { platform: 'canvas', name: canvas[1]!, id: canvas[3]!, late: canvas[2] !== undefined }
}

/** What a student typed into a text field of Moodle: it is no file. */
export function isOnlineText(path: string): boolean {
  return /_assignsubmission_onlinetext(_|\/|$)/.test(path)
}

/** The user's id in Canvas, where the roster is an export of its gradebook or has such a column. */
export function canvasIdOf({ fields }: { readonly fields: Readonly<Record<string, string>> }): string | undefined {
  return fields.canvas_id || fields.canvas || undefined
}
