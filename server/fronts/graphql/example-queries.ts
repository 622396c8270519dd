/** A question, and the query that answers it. */
export type ExampleQuery = { question: string; query: string; variables?: Record<string, unknown> };

/** What GraphiQL opens with, and what the README shows. */
export const exampleQueries: readonly ExampleQuery[] = [
  {
    question: "What happened last, and what was said?",
    query: `# What happened last, and what was said?
query Latest {
  interactions(first: 10) {
    nodes {
      id
      status
      model
      createdAt
      turns {
        role
        text
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  },
  {
    question: "What did this chain cost?",
    query: `# What did this chain cost, and where did it go wrong?
query ChainCost($id: ID!) {
  interaction(id: $id) {
    chainUsage {
      interactions
      totalTokens
      totalInputTokens
      totalCachedTokens
      totalOutputTokens
      totalThoughtTokens
    }
    chain {
      id
      model
      provider
      usage {
        totalTokens
      }
      errors {
        code
        message
      }
    }
  }
}
`,
    variables: { id: "" },
  },
  {
    question: "Which tool fails most?",
    query: `# Which tool fails most?
query FailingTools {
  tools {
    tool
    name
    calls
    failures
    failureRate
  }
}
`,
  },
  {
    question: "What changed between two branches?",
    query: `# What changed between two branches?
query Branches($left: ID!, $right: ID!) {
  diff(left: $left, right: $right) {
    commonAncestor {
      id
      outputText
    }
    pairs {
      place
      sameInput
      sameOutput
      request {
        field
        left
        right
      }
      left {
        id
        model
        outputText
      }
      right {
        id
        model
        outputText
      }
    }
  }
}
`,
    variables: { left: "", right: "" },
  },
  {
    question: "Which interactions failed today, and why?",
    query: `# Which interactions failed today, and why?
query FailedToday($since: DateTime!) {
  interactions(filter: { createdFrom: $since, status: [failed] }) {
    totalCount
    nodes {
      id
      createdAt
      model
      provider
      errors {
        code
        message
      }
      previous {
        id
        outputText
      }
    }
  }
}
`,
    variables: { since: "2026-01-01T00:00:00Z" },
  },
  {
    question: "Where was this said?",
    query: `# Where was this said?
query Search($text: String!) {
  search(text: $text, first: 20) {
    bounded
    nodes {
      snippet
      score
      side
      interaction {
        id
        createdAt
        rootId
      }
    }
  }
}
`,
    variables: { text: "hello" },
  },
  {
    question: "What did each model cost on each day?",
    query: `# What did each model cost on each day?
query Costs {
  usage(groupBy: [day, model]) {
    day
    model
    interactions
    totalTokens
  }
}
`,
  },
  {
    question: "What is happening now?",
    query: `# What is happening now? Run it, and create an interaction elsewhere.
subscription Feed {
  interactionChanged {
    kind
    id
    interaction {
      status
      model
      outputText
    }
  }
}
`,
  },
];
