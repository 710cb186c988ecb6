import Glibc

// One program for all: `fuzz TARGET [libFuzzer's own options] FOLDER …`. LLVMFuzzerRunDriver is libFuzzer's way in for
// programs with a main of their own.

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

// Never called: libFuzzer's own main, which comes along unused, names it.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 { 0 }

guard CommandLine.argc > 1, let target = FuzzTarget.all[CommandLine.arguments[1]] else {
  print("fuzz: one of \(FuzzTarget.all.keys.sorted().joined(separator: ", "))")
  exit(64)
}
target.prepare()
var count = CommandLine.argc - 1
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
exit(withUnsafeMutablePointer(to: &arguments) { runDriver(&count, $0, target.body) })
