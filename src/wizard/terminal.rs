//! The prompter that talks to a person. The only file that knows dialoguer.
use std::io::ErrorKind;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use console::{Style, Term, truncate_str};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Input, Select};

use super::prompter::{Answer, Prompter, Question, Stop};
use crate::exit;

/// Columns that a menu puts before an item. An item that fills more than its line is not taken away whole afterwards.
const MARK: usize = 4;

/// How many terminals ask: a question of trust comes in the middle of others.
static ASKING: AtomicUsize = AtomicUsize::new(0);
static ON_INTERRUPT: Once = Once::new();

/// A person at a terminal; questions go to stderr.
pub struct Terminal {
    term: Term,
    theme: Box<dyn Theme>,
}

impl Terminal {
    /// With colour or without; without, nothing depends on colour alone.
    pub fn new(colour: bool) -> Self {
        console::set_colors_enabled_stderr(colour);
        ON_INTERRUPT.call_once(|| exit::on_interrupt(give_cursor_back));
        ASKING.fetch_add(1, Ordering::Relaxed);
        let theme: Box<dyn Theme> = if colour {
            Box::new(ColorfulTheme {
                values_style: Style::new().for_stderr().cyan(),
                ..ColorfulTheme::default()
            })
        } else {
            Box::new(SimpleTheme)
        };
        Self {
            term: Term::stderr(),
            theme,
        }
    }

    fn choose(&self, question: &Question) -> Result<Answer, Stop> {
        let width = usize::from(self.term.size().1).saturating_sub(MARK);
        let titles: Vec<_> = question
            .items
            .iter()
            .map(|item| truncate_str(&item.title, width, "…"))
            .collect();
        let default = question
            .items
            .iter()
            .position(|item| item.value == question.default);
        let chosen = Select::with_theme(self.theme.as_ref())
            .with_prompt(&question.text)
            .items(titles)
            .default(default.unwrap_or(0))
            .report(false)
            .interact_on_opt(&self.term)
            .map_err(stop)?;
        let item = chosen.and_then(|index| question.items.get(index));
        let value = item.map(|item| item.value.clone()).ok_or(Stop::Cancelled)?;
        self.confirm(&question.text, &value);
        Ok(value)
    }

    /// The question with what was chosen, in one line: not the whole row of the menu.
    fn confirm(&self, prompt: &str, value: &str) {
        let mut line = String::new();
        if self
            .theme
            .format_select_prompt_selection(&mut line, prompt, value)
            .is_ok()
        {
            let _ = self.term.write_line(&line);
        }
    }

    fn read(
        &self,
        question: &Question,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<Answer, Stop> {
        let mut input = Input::<String>::with_theme(self.theme.as_ref())
            .with_prompt(&question.text)
            .allow_empty(question.default.is_empty())
            .validate_with(|text: &String| check(text));
        if !question.default.is_empty() {
            input = input.default(question.default.clone());
        }
        input.interact_text_on(&self.term).map_err(stop)
    }
}

fn stop(error: dialoguer::Error) -> Stop {
    let dialoguer::Error::IO(error) = error;
    match error.kind() {
        ErrorKind::Interrupted | ErrorKind::UnexpectedEof => Stop::Cancelled,
        _ => Stop::Terminal(error.to_string()),
    }
}

impl Prompter for Terminal {
    fn ask(
        &mut self,
        question: &Question,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<Answer, Stop> {
        if question.items.is_empty() {
            self.read(question, check)
        } else {
            self.choose(question)
        }
    }

    fn show(&mut self, text: &str) {
        let _ = self.term.write_line(text);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        ASKING.fetch_sub(1, Ordering::Relaxed);
        let _ = self.term.show_cursor();
    }
}

/// Ctrl-C while a menu hides the cursor would leave the shell without one (dialoguer #77).
fn give_cursor_back() {
    if ASKING.load(Ordering::Relaxed) > 0 {
        let _ = Term::stderr().show_cursor();
        let _ = Term::stderr().write_line("cancelled; nothing was written");
    }
}
