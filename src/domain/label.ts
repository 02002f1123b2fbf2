/** An RFC 1123 label, as Kubernetes names things. */
export const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
