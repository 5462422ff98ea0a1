import { packageVersion } from '../package.ts'
import { QueueError } from './trouble.ts'

export interface KubernetesChoices {
  /** The digest of a list of jobs in the store. */
  readonly batch: string
  readonly submissions: number
  /** Pods; each does its part of the list. */
  readonly parts: number
  /** Submissions at the same time, in each pod. */
  readonly jobs: number
  readonly image: string
  /** The name of the volume claim. */
  readonly claim: string
  /** Where the store is here, for people. */
  readonly store: string
}

/** A volume claim and an Indexed Job, as YAML for kubectl apply. Throws QueueError where a name is none for Kubernetes. */
export function kubernetesJob(choices: KubernetesChoices): string {
  const { batch, submissions, parts, jobs, image, claim, store } = choices
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(claim))
    throw new QueueError('claim-name', `no name of a volume claim: ${claim}`, ['letters a to z, digits and hyphens'])
  const pods = Math.max(1, Math.min(parts, submissions))
  const text = JSON.stringify
  return `# ${submissions} submissions for labrun ${packageVersion()}, in ${pods} parts. Written by: labrun grade --emit kubernetes
# It needs no Redis. When the job is complete, the same \`labrun grade\` without --emit takes the results from the store.
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${claim}
spec:
  # The share that is ${text(store)} where this was written: bundles, labs and results lie there. Add volumeName or
  # storageClassName as your cluster needs it; leave this part out if there is such a claim already.
  accessModes: [ReadWriteMany]
  resources:
    requests:
      storage: 1Gi
---
apiVersion: batch/v1
kind: Job
metadata:
  name: labrun-${batch.slice(0, 12)}
  labels:
    app: labrun
spec:
  # Each pod knows by JOB_COMPLETION_INDEX which part is its own. A part that is begun again leaves out what has a result.
  completionMode: Indexed
  completions: ${pods}
  parallelism: ${pods}
  backoffLimit: ${pods * 3}
  # A pod that a node was drained of is no failure.
  podFailurePolicy:
    rules:
      - action: Ignore
        onPodConditions:
          - type: DisruptionTarget
            status: "True"
  ttlSecondsAfterFinished: 604800
  template:
    spec:
      restartPolicy: Never
      # What students wrote runs here: it gets no token of the cluster and no names of its services.
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: 120
      # root in the pod is nobody on the node (Kubernetes 1.30 or later; the store's file system must be able to map ids,
      # which NFS cannot: see the end of this file).
      hostUsers: false
      securityContext:
        # labrun needs no root. This user must be able to write to the store.
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        # The profile that container runtimes begin with forbids user namespaces, of which worlds are made.
        seccompProfile:
          type: Unconfined
      containers:
        - name: labrun
          image: ${text(image)}
          command: ["labrun", "worker"]
          args: ["--store", "/store", "--batch", "${batch}", "--parts", "${pods}", "--jobs", "${jobs}"]
          env:
            - name: HOME
              value: /tmp
          securityContext:
            # A world has a /proc and a /sys of its own. The kernel allows them only where no part of the pod's is masked.
            procMount: Unmasked
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
          resources:
            requests:
              cpu: "${jobs}"
              memory: ${512 * jobs}Mi
            limits:
              memory: ${1024 * jobs}Mi
          volumeMounts:
            - name: store
              mountPath: /store
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: store
          persistentVolumeClaim:
            claimName: ${claim}
        - name: tmp
          emptyDir:
            sizeLimit: ${1024 * jobs}Mi
# Nodes with AppArmor (Ubuntu): also \`appArmorProfile: {type: Unconfined}\` beside seccompProfile (Kubernetes 1.30 or later),
# and on the nodes kernel.apparmor_restrict_unprivileged_userns=0.
# Where hostUsers: false or procMount: Unmasked is not possible: leave both out, and the whole securityContext of the
# container be \`privileged: true\`. The user is still 1000 and without rights, but the walls around the pod are gone: do that
# on nodes that do nothing else. For an exam of strangers, a runtimeClassName with virtual machines (Kata) is the best wall.
`
}
