/** The commands to labrun in a shell of the student's own; each is also `labrun WORD`. */
export const WORDS = [
  'check',
  'hint',
  'solution',
  'why',
  'next',
  'back',
  'map',
  'reset',
  'window',
  'follow',
  'quit',
  'help',
]
