/// The kinds of things that can be said about a policy: one row of the catalogue each. The raw value is the code.
///
/// MG1 is the file and its YAML, MG2 its keys and structure, MG3 its values, MG4 its scripts, MG5 warnings.
public enum Mistake: String, CaseIterable, Sendable {
  case unreadablePolicy = "MG1001"
  case policyTooLarge = "MG1002"
  case notUTF8 = "MG1003"
  case forbiddenCharacter = "MG1004"
  case emptyPolicy = "MG1005"
  case tooManyMistakes = "MG1006"
  case yamlSyntax = "MG1101"
  case tabIndentation = "MG1102"
  case unquotedIndicator = "MG1103"
  case duplicateKey = "MG1201"
  case tag = "MG1202"
  case mergeKey = "MG1203"
  case unknownAlias = "MG1204"
  case aliasExplosion = "MG1205"
  case tooComplex = "MG1206"
  case secondDocument = "MG1207"
  case directive = "MG1208"
  case keyIsNoName = "MG1209"
  case numberOutOfRange = "MG1210"

  case wrongKind = "MG2001"
  case unknownKey = "MG2002"
  case laterVersion = "MG2003"
  case emptySection = "MG2004"
  case unknownVersion = "MG2005"
  case unknownWord = "MG2006"
  case missingKey = "MG2007"
  case duplicateRuleName = "MG2101"
  case contradiction = "MG2102"
  case checksNothing = "MG2103"
  case conditionShape = "MG2104"
  case duplicateEntry = "MG2105"
  case conflictingEdits = "MG2106"

  case badName = "MG3001"
  case badPath = "MG3002"
  case unknownOperator = "MG3003"
  case badOperand = "MG3004"
  case badReason = "MG3005"
  case badMaximum = "MG3006"
  case badWindow = "MG3007"
  case badPartition = "MG3008"
  case badLimit = "MG3009"
  case badParameterName = "MG3010"
  case badParameterSchema = "MG3011"
  case unfitParameterValue = "MG3012"
  case missingParameterValue = "MG3013"
  case unknownParameter = "MG3014"
  case valueWithinText = "MG3015"
  case parameterWithinParameters = "MG3016"
  case unreachableResource = "MG3017"
  case numberReadDifferently = "MG3018"

  case badAmount = "MG3101"
  case unknownCounter = "MG3102"
  case duplicateCounter = "MG3103"
  case badDuration = "MG3104"
  case badStore = "MG3105"

  case missingScript = "MG4001"
  case unreadableScript = "MG4002"
  case scriptIsNoText = "MG4003"
  case scriptIsBytecode = "MG4004"
  case inlineScriptShape = "MG4005"
  case missingModule = "MG4006"
  case badModuleName = "MG4007"
  case moduleOutside = "MG4008"
  case moduleCycle = "MG4009"
  case scriptDoesNotLoad = "MG4101"
  case sandboxIncomplete = "MG4102"

  case whenMayBeUnknown = "MG5001"
  case addressAsText = "MG5002"
  case looseAnchors = "MG5003"
  case leadingZero = "MG5004"
  case rulesOfHiddenTool = "MG5005"
  case listComparedWhole = "MG5006"
  case neverRefuses = "MG5007"
  case exclusiveConditions = "MG5008"
  case everythingRefused = "MG5009"
  case whenOffSchema = "MG5010"
  case unknownArgument = "MG5011"
  case unknownTool = "MG5012"
  case unreadCounter = "MG5013"
  case incrementOfZero = "MG5014"
  case unusedParameter = "MG5015"
  case addressDenied = "MG5016"
  case bracketsInName = "MG5017"
  case unknownMethod = "MG5020"
  case everyElementSelected = "MG5021"
  case renamedRule = "MG5022"
  case impossibleBudget = "MG5023"

  /// Whether the policy still loads.
  public var severity: Diagnostic.Severity {
    rawValue.hasPrefix("MG5") ? .warning : .error
  }

  /// A few words that name it.
  public var title: String { entry.title }

  /// What brings it about.
  public var cause: String { entry.cause }

  /// What to do about it.
  public var cure: String { entry.cure }

  /// What the catalogue says of it. The entries stand in files of their own, by family.
  struct Entry {
    var title: String
    var cause: String
    var cure: String

    init(_ title: String, cause: String, cure: String) {
      self.title = title
      self.cause = cause
      self.cure = cure
    }
  }

  private var entry: Entry {
    switch self {
    case .unreadablePolicy: .unreadablePolicy
    case .policyTooLarge: .policyTooLarge
    case .notUTF8: .notUTF8
    case .forbiddenCharacter: .forbiddenCharacter
    case .emptyPolicy: .emptyPolicy
    case .tooManyMistakes: .tooManyMistakes
    case .yamlSyntax: .yamlSyntax
    case .tabIndentation: .tabIndentation
    case .unquotedIndicator: .unquotedIndicator
    case .duplicateKey: .duplicateKey
    case .tag: .tag
    case .mergeKey: .mergeKey
    case .unknownAlias: .unknownAlias
    case .aliasExplosion: .aliasExplosion
    case .tooComplex: .tooComplex
    case .secondDocument: .secondDocument
    case .directive: .directive
    case .keyIsNoName: .keyIsNoName
    case .numberOutOfRange: .numberOutOfRange
    case .wrongKind: .wrongKind
    case .unknownKey: .unknownKey
    case .laterVersion: .laterVersion
    case .emptySection: .emptySection
    case .unknownVersion: .unknownVersion
    case .unknownWord: .unknownWord
    case .missingKey: .missingKey
    case .duplicateRuleName: .duplicateRuleName
    case .contradiction: .contradiction
    case .checksNothing: .checksNothing
    case .conditionShape: .conditionShape
    case .duplicateEntry: .duplicateEntry
    case .conflictingEdits: .conflictingEdits
    case .badName: .badName
    case .badPath: .badPath
    case .unknownOperator: .unknownOperator
    case .badOperand: .badOperand
    case .badReason: .badReason
    case .badMaximum: .badMaximum
    case .badWindow: .badWindow
    case .badPartition: .badPartition
    case .badLimit: .badLimit
    case .badParameterName: .badParameterName
    case .badParameterSchema: .badParameterSchema
    case .unfitParameterValue: .unfitParameterValue
    case .missingParameterValue: .missingParameterValue
    case .unknownParameter: .unknownParameter
    case .valueWithinText: .valueWithinText
    case .parameterWithinParameters: .parameterWithinParameters
    case .unreachableResource: .unreachableResource
    case .numberReadDifferently: .numberReadDifferently
    case .badAmount: .badAmount
    case .unknownCounter: .unknownCounter
    case .duplicateCounter: .duplicateCounter
    case .badDuration: .badDuration
    case .badStore: .badStore
    case .missingScript: .missingScript
    case .unreadableScript: .unreadableScript
    case .scriptIsNoText: .scriptIsNoText
    case .scriptIsBytecode: .scriptIsBytecode
    case .inlineScriptShape: .inlineScriptShape
    case .missingModule: .missingModule
    case .badModuleName: .badModuleName
    case .moduleOutside: .moduleOutside
    case .moduleCycle: .moduleCycle
    case .scriptDoesNotLoad: .scriptDoesNotLoad
    case .sandboxIncomplete: .sandboxIncomplete
    case .whenMayBeUnknown: .whenMayBeUnknown
    case .addressAsText: .addressAsText
    case .looseAnchors: .looseAnchors
    case .leadingZero: .leadingZero
    case .rulesOfHiddenTool: .rulesOfHiddenTool
    case .listComparedWhole: .listComparedWhole
    case .neverRefuses: .neverRefuses
    case .exclusiveConditions: .exclusiveConditions
    case .everythingRefused: .everythingRefused
    case .whenOffSchema: .whenOffSchema
    case .unknownArgument: .unknownArgument
    case .unknownTool: .unknownTool
    case .unusedParameter: .unusedParameter
    case .addressDenied: .addressDenied
    case .bracketsInName: .bracketsInName
    case .unknownMethod: .unknownMethod
    case .everyElementSelected: .everyElementSelected
    case .renamedRule: .renamedRule
    case .impossibleBudget: .impossibleBudget
    case .unreadCounter: .unreadCounter
    case .incrementOfZero: .incrementOfZero
    }
  }
}
