/**
 * Of registered models no more than their names.
 */
export interface IModelNames {
  models: { name: string }[];
}
