import fc from 'fast-check'

// The same examples in every run, so that a failure is somebody's change; LABRUN_SEED=random looks for new ones.
const { LABRUN_SEED } = process.env
if (LABRUN_SEED !== 'random') fc.configureGlobal({ seed: Number(LABRUN_SEED ?? 20_261_121) })
