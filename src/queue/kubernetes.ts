import { packageVersion } from '../package.ts'
import { QueueError } from './trouble.ts'

/** How pods reach the store; `name` is what it is called here, for people. */
export type StorePlace =
  | { readonly kind: 'claim'; readonly name: string /** Of the volume claim. */; readonly claim: string }
  | {
      readonly kind: 's3'
      readonly name: string
      /** The name of the Secret with the key. */
      readonly secret: string
      readonly region: string
      readonly endpoint: string | undefined
    }

export interface KubernetesChoices {
  /** The digest of a list of jobs in the store. */
  readonly batch: string
  readonly submissions: number
  /** Pods; each does its part of the list. */
  readonly parts: number
  /** Submissions at the same time, in each pod. */
  readonly jobs: number
  readonly image: string
  readonly place: StorePlace
}

/** An Indexed Job, and the volume claim where there is one, as YAML for kubectl apply. Throws QueueError where a name is none for Kubernetes. */
export function kubernetesJob(choices: KubernetesChoices): string {
  const { batch, submissions, parts, jobs, image } = choices
  const store = partsOf(choices.place)
  const pods = Math.max(1, Math.min(parts, submissions))
  const text = JSON.stringify
  return `# ${submissions} submissions for labrun ${packageVersion()}, in ${pods} parts. Written by: labrun grade --emit kubernetes
# It needs no Redis. When the job is complete, the same \`labrun grade\` without --emit takes the results from the store.
${store.before}apiVersion: batch/v1
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
          args: ["--store", ${text(store.place)}, "--batch", "${batch}", "--parts", "${pods}", "--jobs", "${jobs}"]
          env:
            - name: HOME
              value: /tmp
${store.env}          securityContext:
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
${store.mount}            - name: tmp
              mountPath: /tmp
      volumes:
${store.volume}        - name: tmp
          emptyDir:
            sizeLimit: ${1024 * jobs}Mi
# Nodes with AppArmor (Ubuntu): also \`appArmorProfile: {type: Unconfined}\` beside seccompProfile (Kubernetes 1.30 or later),
# and on the nodes kernel.apparmor_restrict_unprivileged_userns=0.
# Where hostUsers: false or procMount: Unmasked is not possible: leave both out, and the whole securityContext of the
# container be \`privileged: true\`. The user is still 1000 and without rights, but the walls around the pod are gone: do that
# on nodes that do nothing else. For an exam of strangers, a runtimeClassName with virtual machines (Kata) is the best wall.
`
}

/** What the two kinds of stores differ in; each part has the ends of its lines. */
interface Parts {
  readonly before: string
  readonly place: string
  readonly env: string
  readonly mount: string
  readonly volume: string
}

function partsOf(place: StorePlace): Parts {
  return place.kind === 'claim' ? claimParts(place) : s3Parts(place)
}

function claimParts({ name, claim }: StorePlace & { readonly kind: 'claim' }): Parts {
  demandName(claim, 'claim-name', 'a volume claim')
  return {
    before: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${claim}
spec:
  # The share that is ${JSON.stringify(name)} where this was written: bundles, labs and results lie there. Add volumeName or
  # storageClassName as your cluster needs it; leave this part out if there is such a claim already.
  accessModes: [ReadWriteMany]
  resources:
    requests:
      storage: 1Gi
---
`,
    place: '/store',
    env: '',
    mount: `            - name: store
              mountPath: /store
`,
    volume: `        - name: store
          persistentVolumeClaim:
            claimName: ${claim}
`,
  }
}

function s3Parts({ name, secret, region, endpoint }: StorePlace & { readonly kind: 's3' }): Parts {
  demandName(secret, 'secret-name', 'a Secret')
  const text = JSON.stringify
  const variable = (key: string, value: string) => `            - name: ${key}\n              value: ${text(value)}\n`
  const secretly = (key: string, isOptional = false) => `            - name: ${key}
              valueFrom:
                secretKeyRef: {name: ${secret}, key: ${key}${isOptional ? ', optional: true' : ''}}
`
  return {
    before: `# The key of the store is in the Secret ${secret}, which has to be there before, with these three names (the last one
# where the key has a token): kubectl create secret generic ${secret} --from-env-file=FILE
# The image needs the package aws4fetch beside labrun. Pods must reach the service at the address below.
`,
    place: name,
    env: [
      variable('AWS_REGION', region),
      endpoint === undefined ? '' : variable('AWS_ENDPOINT_URL', endpoint),
      secretly('AWS_ACCESS_KEY_ID'),
      secretly('AWS_SECRET_ACCESS_KEY'),
      secretly('AWS_SESSION_TOKEN', true),
    ].join(''),
    mount: '',
    volume: '',
  }
}

function demandName(name: string, code: string, what: string): void {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))
    throw new QueueError(code, `no name of ${what}: ${name}`, ['letters a to z, digits and hyphens'])
}
