import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** By the names of the files: the tests that stop and break the machine are the last. */
export class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => one.moduleId.localeCompare(other.moduleId))
  }
}
