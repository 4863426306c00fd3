// swift-tools-version: 6.2
// One straight line of targets, left to right; `Tests/ArchitectureTests` holds it.
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "pejling",
  products: [
    .executable(name: "pejling", targets: ["pejling"]),
    .library(
      name: "Pejling",
      targets: ["SurveyData", "SurveyFiles", "SurveyStatistics", "SurveyTables", "SurveyReports"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // C and C++ behind one module each.
    .target(name: "CByteScan"),
    .target(name: "CVectorKernels"),
    .target(name: "CSpecialFunctions"),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // ReadStat has no pkg-config file.
    .systemLibrary(name: "CReadStat", providers: [.apt(["libreadstat-dev"])]),

    .systemLibrary(
      name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),

    // The line.
    .target(
      name: "SurveyData", dependencies: ["CVectorKernels"], swiftSettings: swiftSettings),
    .target(
      name: "SurveyFiles",
      dependencies: [
        "SurveyData", "CByteScan", "CCrypto", "CExpat", "CReadStat", "CYAML", "CZip",
        "CZlib",
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "SurveyStatistics",
      dependencies: ["SurveyData", "CVectorKernels", "CSpecialFunctions"],
      swiftSettings: swiftSettings),
    .target(
      name: "SurveyTables", dependencies: ["SurveyStatistics", "SurveyData"],
      swiftSettings: swiftSettings),
    .target(
      name: "SurveyReports", dependencies: ["SurveyTables", "SurveyData", "CXLSXWriter"],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "pejling",
      dependencies: [
        "SurveyData", "SurveyFiles", "SurveyStatistics", "SurveyTables", "SurveyReports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),

    // The hot paths against plain C, and the guard that keeps them fast.
    .target(
      name: "CReference", path: "Benchmarks/CReference",
      cSettings: [.unsafeFlags(["-O3"], .when(configuration: .release))]),
    .executableTarget(
      name: "bench",
      dependencies: ["CReference", "SurveyStatistics", "SurveyData", "SurveyTestSupport"],
      path: "Benchmarks/bench", swiftSettings: swiftSettings),

    // Tests.
    .target(
      name: "SurveyTestSupport", dependencies: ["SurveyData", "CZlib"],
      path: "Tests/SurveyTestSupport",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ArchitectureTests", dependencies: ["SurveyTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SurveyTestSupportTests", dependencies: ["SurveyTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SurveyDataTests", dependencies: ["SurveyData", "SurveyTestSupport"],
      swiftSettings: swiftSettings),
    // Reads damaged files in a process of its own.
    .executableTarget(
      name: "fuzz", dependencies: ["SurveyFiles", "SurveyData", "SurveyTestSupport"],
      path: "Tests/Fuzz", swiftSettings: swiftSettings),
    .testTarget(
      name: "SurveyFilesTests",
      dependencies: [
        "SurveyFiles", "SurveyData", "SurveyTestSupport", "CByteScan", "CReadStat", "CZlib", "fuzz",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SurveyStatisticsTests",
      dependencies: ["SurveyStatistics", "SurveyData", "SurveyTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "PressTests",
      dependencies: [
        "SurveyData", "SurveyFiles", "SurveyStatistics", "SurveyTables", "SurveyReports",
        "SurveyTestSupport",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SurveyTablesTests",
      dependencies: ["SurveyTables", "SurveyStatistics", "SurveyData", "SurveyTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SurveyReportsTests",
      dependencies: [
        "SurveyReports", "SurveyTables", "SurveyStatistics", "SurveyData", "SurveyTestSupport",
      ],
      swiftSettings: swiftSettings),
    // Runs the built command, so that has to be built first.
    .testTarget(
      name: "CommandTests", dependencies: ["pejling", "SurveyTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ReferenceTests",
      dependencies: [
        "SurveyData", "SurveyFiles", "SurveyStatistics", "SurveyTables", "SurveyTestSupport",
      ],
      swiftSettings: swiftSettings),
  ],
  cLanguageStandard: .c11, cxxLanguageStandard: .cxx17
)

// libFuzzer on each grammar of ours, by `make fuzz` alone: everything is built anew with its counters.
if Context.environment["PEJLING_FUZZ"] != nil {
  package.targets += [
    .target(name: "CLibFuzzer", path: "Tests/GrammarFuzz/CLibFuzzer"),
    .executableTarget(
      name: "grammar-fuzz", dependencies: ["CLibFuzzer", "CZlib", "SurveyData", "SurveyFiles"],
      path: "Tests/GrammarFuzz/Driver", swiftSettings: swiftSettings),
  ]
}
