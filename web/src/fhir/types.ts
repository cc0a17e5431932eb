// The parts of FHIR R4 that the pages read. Everything is optional, because records come from many places.

export interface Coding {
  system?: string;
  code?: string;
  display?: string;
}

export interface CodeableConcept {
  text?: string;
  coding?: Coding[];
}

export interface Quantity {
  value?: number;
  comparator?: string;
  unit?: string;
  code?: string;
}

export interface Reference {
  reference?: string;
  display?: string;
  type?: string;
}

export interface Period {
  start?: string;
  end?: string;
}

export interface HumanName {
  use?: string;
  text?: string;
  given?: string[];
  family?: string;
  prefix?: string[];
}

export interface Address {
  text?: string;
  line?: string[];
  city?: string;
  state?: string;
  postalCode?: string;
  country?: string;
}

export interface ContactPoint {
  system?: string;
  value?: string;
  use?: string;
}

export interface Annotation {
  text?: string;
  time?: string;
}

export interface Attachment {
  contentType?: string;
  data?: string;
  url?: string;
  title?: string;
  creation?: string;
}

export interface Dosage {
  text?: string;
  asNeededBoolean?: boolean;
  route?: CodeableConcept;
  timing?: { code?: CodeableConcept; repeat?: { frequency?: number; period?: number; periodUnit?: string } };
  doseAndRate?: { doseQuantity?: Quantity; doseRange?: { low?: Quantity; high?: Quantity } }[];
}

export interface Range {
  low?: Quantity;
  high?: Quantity;
  text?: string;
}
