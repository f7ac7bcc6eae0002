/**
 * Migrations are written once, in words that SQLite understands; this says them in PostgreSQL's: binary columns, numbers
 * that count up by themselves, and integers of 64 bits.
 */
import {
  type ColumnDefinitionNode,
  DataTypeNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  type QueryId,
} from 'kysely';

export function inPostgresWords(): KyselyPlugin {
  const words = new PostgresWords();
  return {
    transformQuery: ({ node, queryId }) => words.transformNode(node, queryId),
    transformResult: async ({ result }) => result,
  };
}

class PostgresWords extends OperationNodeTransformer {
  protected override transformColumnDefinition(
    node: ColumnDefinitionNode,
    queryId?: QueryId,
  ): ColumnDefinitionNode {
    const { autoIncrement = false, ...definition } = super.transformColumnDefinition(node, queryId);
    return { ...definition, dataType: dataTypeOf(definition.dataType, autoIncrement) };
  }
}

function dataTypeOf(
  dataType: ColumnDefinitionNode['dataType'],
  countsUp: boolean,
): ColumnDefinitionNode['dataType'] {
  if (!DataTypeNode.is(dataType)) return dataType;
  switch (dataType.dataType) {
    case 'blob':
      return DataTypeNode.create('bytea');
    case 'integer':
      return DataTypeNode.create(countsUp ? 'bigserial' : 'bigint');
    default:
      return dataType;
  }
}
