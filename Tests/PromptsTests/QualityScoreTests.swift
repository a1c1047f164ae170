import Prompts
import Testing

@Suite("The quality score")
struct QualityScoreTests {
    /// The number of labelled prompts for which the threshold agrees with the label.
    private func right(_ texts: [LabelledText]) -> (right: Int, all: Int, wrong: [String]) {
        var wrong: [String] = []
        let prompts = texts.flatMap(\.prompts)
        for prompt in prompts {
            let score = QualityScore(of: prompt.shortened, against: prompt.original)
            if score.isGood != prompt.isGood { wrong.append("\(prompt): \(score)") }
        }
        return (prompts.count - wrong.count, prompts.count, wrong)
    }

    @Test("the threshold separates the labelled prompts that it was chosen on")
    func calibration() {
        let (right, all, wrong) = right(LabelledText.calibration)
        #expect(all >= 45)
        #expect(Double(right) >= 0.9 * Double(all), "\(wrong.joined(separator: "\n"))")
    }

    @Test("it separates prompts that it has not seen")
    func held() {
        let (right, all, wrong) = right(LabelledText.held)
        #expect(all >= 40)
        #expect(Double(right) >= 0.85 * Double(all), "\(wrong.joined(separator: "\n"))")
    }

    @Test("no labelled prompt that lost a not, a number or an instruction passes")
    func adversarial() {
        let words = ["not", "no", "never", "changed", "instruction", "lost", "turned"]
        for prompt in (LabelledText.calibration + LabelledText.held).flatMap(\.prompts)
        where !prompt.isGood && words.contains(where: { prompt.name.contains(" " + $0) }) {
            let score = QualityScore(of: prompt.shortened, against: prompt.original)
            #expect(!score.isGood, "\(prompt): \(score)")
        }
    }

    @Test("a text scores 1 against itself, whatever its layout, and 0 against nothing")
    func ends() {
        for text in LabelledText.calibration.map(\.text) + ["", "a", "漢字。", "\u{0}"] {
            #expect(QualityScore(of: text, against: text).overall == 1)
        }
        let text = LabelledText.contract.text
        #expect(QualityScore(of: "", against: text).overall == 0)
        #expect(QualityScore(of: LabelledText.policy.text, against: text).overall < 0.2)
    }

    @Test("the parts of the score are reported")
    func parts() {
        let original = "Never guess. Ada paid 12 EUR. Bob paid 30 EUR.\nERROR disk 3 is full"
        let score = QualityScore(of: "Never guess. Ada paid 12 EUR.", against: original)
        #expect(score.instructions == 1)
        #expect(score.errorLines == 0)
        #expect(score.numbers == 1.0 / 3)
        #expect(score.contradictions == 0)
        let changed = QualityScore(
            of: original.replacing("30", with: "31"), against: original)
        #expect(changed.contradictions == 1)
        let turned = QualityScore(
            of: "Mention prices.", against: "Do not mention prices.")
        #expect(turned.instructions == 0 && turned.contradictions == 1)
        let fact = "Refunds are not made after 30 days in any shop."
        let lost = QualityScore(of: fact.replacing("not ", with: ""), against: fact)
        #expect(lost.facts == 0 && lost.contradictions == 1)
    }
}
